import { describe, expect, it } from 'vitest'
import { runSteps } from '../../../src/engine/engine.ts'
import type { Event } from '../../../src/engine/events.ts'
import type { Step, Windows } from '../../../src/engine/step.ts'
import { HealthError } from '../../../src/errors.ts'

const step = (id: string, more: Partial<Step> = {}): Step => ({ id, kind: 'test', after: [], ...more })
const info = ({ id, kind, node }: Step) => ({
  ...{ id, kind, title: id, because: [], reasons: [] },
  ...(node && { node }),
})

/** Runs steps whose work is a promise that the test resolves; `log` tells what started and ended, in order. */
function bench(
  steps: readonly Step[],
  options: { windows?: Windows; stop?: AbortSignal; abort?: AbortSignal } = {},
) {
  const log: string[] = []
  const events: Event[] = []
  const open = new Map<string, { resolve: () => void; reject: (error: Error) => void; signal: AbortSignal }>()
  const outcome = runSteps({
    steps,
    info,
    emit: (event) => events.push(event),
    ...options,
    run: (one, { signal }) =>
      new Promise<void>((resolve, reject) => {
        log.push(`+${one.id}`)
        signal.addEventListener('abort', () => reject(new Error('aborted')))
        open.set(one.id, { resolve, reject, signal })
      }),
  })
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  const finish = async (id: string, error?: Error) => {
    const running = open.get(id)
    open.delete(id)
    if (error === undefined) running?.resolve()
    else running?.reject(error)
    await settle()
  }
  return { log, events, outcome, finish, running: () => [...open.keys()], settle }
}

describe('runSteps', () => {
  it('starts at once all steps that wait for nothing', async () => {
    const { running, settle } = bench([step('a'), step('b')])
    await settle()
    expect(running()).toEqual(['a', 'b'])
  })

  it('starts a step only when all that it waits for is done', async () => {
    const { running, finish, settle } = bench([step('a'), step('b'), step('c', { after: ['a', 'b'] })])
    await settle()
    await finish('a')
    expect(running()).toEqual(['b'])
    await finish('b')
    expect(running()).toEqual(['c'])
  })

  it('goes on after an optional step that fails, and gives its place back', async () => {
    const optional = step('a', { node: 'n', window: 'w', optional: true })
    const steps = [optional, step('b', { after: ['a'] }), step('c', { node: 'm', window: 'w' })]
    const { running, finish, settle, outcome } = bench(steps, { windows: { w: 1 } })
    await settle()
    await finish('a', new Error('refused'))
    expect(running().sort()).toEqual(['b', 'c'])
    await finish('b')
    await finish('c')
    const { done, failed, skipped } = await outcome
    expect({ done, skipped }).toEqual({ done: steps.slice(1), skipped: [] })
    expect(failed).toMatchObject([{ step: optional, error: { message: 'refused' } }])
  })

  it('starts nothing once it is stopped, also when what a step waited for is done then', async () => {
    const stop = new AbortController()
    const steps = [step('a'), step('b'), step('c', { after: ['a'] }), step('d', { after: ['b'] })]
    const { log, finish, settle, outcome } = bench(steps, { stop: stop.signal })
    await settle()
    stop.abort()
    await finish('a')
    await finish('b')
    expect(log).toEqual(['+a', '+b'])
    expect((await outcome).skipped.map(({ id }) => id)).toEqual(['c', 'd'])
  })

  it('does not wait for a step that the plan does not hold', async () => {
    const { running, settle } = bench([step('a', { after: ['not-needed'] })])
    await settle()
    expect(running()).toEqual(['a'])
  })

  it('stops after a failure what depends on it, over any distance, and nothing else', async () => {
    const { outcome, finish, settle } = bench([
      step('bad'),
      step('child', { after: ['bad'] }),
      step('grandchild', { after: ['child'] }),
      step('other'),
      step('after-other', { after: ['other'] }),
    ])
    await settle()
    await finish('bad', new HealthError('etcd is ill', { host: '10.0.0.1' }))
    await finish('other')
    await finish('after-other')
    const { done, failed, skipped } = await outcome
    expect(done.map(({ id }) => id)).toEqual(['other', 'after-other'])
    expect(failed.map(({ step: { id }, error }) => [id, error.message, error.host])).toEqual([
      ['bad', 'etcd is ill', '10.0.0.1'],
    ])
    expect(skipped.map(({ id }) => id)).toEqual(['child', 'grandchild'])
  })

  it('reports a failure with its node even if the error does not name one', async () => {
    const { outcome, finish, settle } = bench([step('a', { node: '10.0.0.9' })])
    await settle()
    await finish('a', new Error('no space left on device'))
    expect((await outcome).failed[0]?.error.host).toBe('10.0.0.9')
  })

  it('works on no more nodes of a window at once than it allows', async () => {
    const steps = ['n1', 'n2', 'n3'].flatMap((node) => [
      step(`${node}/stop`, { node, window: 'workers' }),
      step(`${node}/start`, { node, window: 'workers', after: [`${node}/stop`] }),
    ])
    const { running, finish, settle } = bench(steps, { windows: { workers: 1 } })
    await settle()
    expect(running()).toEqual(['n1/stop'])
    await finish('n1/stop')
    expect(running()).toEqual(['n1/start'])
    await finish('n1/start')
    expect(running()).toEqual(['n2/stop'])
  })

  it('leaves the rest of a window untouched once as many nodes have failed as it allows', async () => {
    const steps = ['n1', 'n2'].map((node) => step(node, { node, window: 'workers' }))
    const { outcome, finish, settle } = bench(steps, { windows: { workers: 1 } })
    await settle()
    await finish('n1', new Error('broken'))
    const { failed, skipped } = await outcome
    expect(failed.map(({ step: { id } }) => id)).toEqual(['n1'])
    expect(skipped.map(({ id }) => id)).toEqual(['n2'])
  })

  it('when stopped lets running steps finish and starts no new one', async () => {
    const stop = new AbortController()
    const { outcome, finish, settle } = bench([step('a'), step('b', { after: ['a'] })], { stop: stop.signal })
    await settle()
    stop.abort()
    await finish('a')
    const { done, skipped, stopped } = await outcome
    expect([done.map(({ id }) => id), skipped.map(({ id }) => id), stopped]).toEqual([['a'], ['b'], true])
  })

  it('when stopped ends at once a step that only waits', async () => {
    const stop = new AbortController()
    const { outcome, settle } = bench([step('wait', { interruptible: true })], { stop: stop.signal })
    await settle()
    stop.abort()
    const { skipped, failed } = await outcome
    expect([skipped.length, failed.length]).toEqual([1, 0])
  })

  it('tells of every step that it started how it ended', async () => {
    const { events, outcome, finish, settle } = bench([step('a'), step('b', { after: ['a'] })])
    await settle()
    await finish('a')
    await finish('b', new Error('x'))
    await outcome
    expect(events.map((event) => ('step' in event ? `${event.type} ${event.step.id}` : event.type))).toEqual([
      'started a',
      'done a',
      'started b',
      'failed b',
    ])
  })
})
