import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../../src/cli/output/logger.ts'
import { quietRenderer } from '../../../src/cli/output/renderers/quiet-renderer.ts'
import { textRenderer } from '../../../src/cli/output/renderers/text-renderer.ts'
import { asError, withRenderer } from '../../../src/cli/running/follow.ts'
import type { Emit, Event, StepInfo } from '../../../src/engine/events.ts'
import { startRun } from '../../../src/engine/run.ts'
import { CancelledError, HealthError, RunFailedError } from '../../../src/errors.ts'
import { type FakeIo, fakeContext, fakeIo } from './fake-io.ts'
import { etcd, events, fakeRun, pull } from './fake-run.ts'

function logged(io: FakeIo) {
  const session = fakeContext(io)
  return { session, renderer: textRenderer(createLog(session, io.stdout)) }
}

test('the first Ctrl-C finishes the running steps, the second terminates immediately, the third ends the process', async () => {
  const io = fakeIo()
  const { session, renderer } = logged(io)
  const code = await withRenderer(renderer, session, async ({ stop, abort, follow }) => {
    await follow(
      startRun(async (emit) => {
        emit({ type: 'started', step: etcd })
        emit({ type: 'started', step: pull })
        await new Promise((resolve) => setImmediate(resolve))
        expect([stop.aborted, abort.aborted]).toEqual([false, false])
        io.signal('SIGINT')
        expect([stop.aborted, abort.aborted]).toEqual([true, false])
        io.signal('SIGTERM')
        expect([stop.aborted, abort.aborted]).toEqual([true, true])
        expect(io.listeners()).toBe(0)
        throw new Error('socket hang up')
      }),
    )
    return 0
  })
  expect(code).toBe(130)
  expect(io.stdout.text()).toContain('finishing 2 running steps; press Ctrl-C again to terminate immediately')
  expect(io.stdout.text()).toContain('run the same command again to continue')
})

test('a stopped run ends with 130 and says how to go on', async () => {
  const io = fakeIo()
  const { session, renderer } = logged(io)
  const code = await withRenderer(renderer, session, async ({ follow, stop }) => {
    io.signal('SIGINT')
    return follow(fakeRun(events.slice(0, 4), () => stop.throwIfAborted())).then(() => 0)
  })
  expect(code).toBe(130)
  expect(io.stdout.text()).toMatch(/level=fatal msg="stopped; run the same command again/)
})

test('a run that fails after it was stopped still tells its failures', async () => {
  const io = fakeIo()
  const { session, renderer } = logged(io)
  const code = await withRenderer(renderer, session, async ({ follow }) => {
    io.signal('SIGINT')
    const failures = [new HealthError('etcd is ill', { host: '10.0.0.1' }), new CancelledError('stopped')]
    return follow(
      fakeRun([], () => {
        throw new RunFailedError('2 steps failed', failures)
      }),
    )
  })
  expect(code).toBe(1)
  expect(io.stdout.text()).toContain('etcd is ill')
})

test('a run gives its result, and its signals back', async () => {
  const io = fakeIo()
  const code = await withRenderer(quietRenderer(io.stderr), fakeContext(io), ({ follow }) =>
    follow(fakeRun(events, () => 7)),
  )
  expect(code).toBe(7)
  expect(io.listeners()).toBe(0)
  expect(io.stderr.text()).toBe('')
})

test('a defect of the program is called one', () => {
  expect(asError(new TypeError('x is undefined')).hint).toMatch(/defect/)
  expect(asError(new HealthError('ill')).hint).toBeUndefined()
})

describe('a command that does not end by itself', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** A command that waits for what never comes, with these steps begun. */
  function stuck(began: readonly StepInfo[] = []) {
    const io = fakeIo()
    const { session, renderer } = logged(io)
    let emit: Emit = () => {}
    void withRenderer(renderer, session, ({ follow }) =>
      follow(
        startRun<number>((given) => {
          emit = given
          for (const step of began) emit({ type: 'started', step })
          return new Promise(() => {})
        }),
      ),
    )
    return { io, emit: (event: Event) => emit(event) }
  }

  test.each(['SIGTERM', 'SIGINT'] as const)('is ended by %s ten seconds after it', async (name) => {
    const { io } = stuck()
    await vi.advanceTimersByTimeAsync(60_000)
    io.signal(name)
    await vi.advanceTimersByTimeAsync(9_999)
    expect(io.ends).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(io.ends).toEqual([`4711 ${name}`])
    expect(io.listeners()).toBe(0)
    expect(io.stdout.text()).toContain('the command did not stop in time and is terminated')
  })

  test('is not ended while it finishes running steps, but ten seconds after the last of them', async () => {
    const { io, emit } = stuck([etcd, pull])
    await vi.advanceTimersByTimeAsync(0)
    io.signal('SIGTERM')
    await vi.advanceTimersByTimeAsync(60_000)
    emit({ type: 'skipped', step: pull, because: 'the run was stopped' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(io.ends).toEqual([])
    emit({ type: 'done', step: etcd, milliseconds: 1 })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(io.ends).toEqual(['4711 SIGTERM'])
  })

  test('is ended five seconds after the second signal, whatever runs', async () => {
    const { io } = stuck([etcd])
    await vi.advanceTimersByTimeAsync(0)
    io.signal('SIGINT')
    io.signal('SIGTERM')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(io.ends).toEqual(['4711 SIGTERM'])
  })
})

test('a command that stops by itself is not ended by a signal later', async () => {
  vi.useFakeTimers()
  const io = fakeIo()
  const { session, renderer } = logged(io)
  await withRenderer(renderer, session, async () => {
    io.signal('SIGTERM')
    return 0
  })
  await vi.advanceTimersByTimeAsync(60_000)
  vi.useRealTimers()
  expect(io.ends).toEqual([])
})
