import { describe, expect, it } from 'vitest'
import type { Event } from '../../../src/engine/events.ts'
import { startRun } from '../../../src/engine/run.ts'

const notice = (text: string): Event => ({ type: 'notice', level: 'info', area: 'test', text })

describe('startRun', () => {
  it('gives all events in order, also those before the first was read, and then the result', async () => {
    const run = startRun(async (emit) => {
      emit(notice('one'))
      await new Promise((resolve) => setImmediate(resolve))
      emit(notice('two'))
      return 42
    })
    const texts: string[] = []
    for await (const event of run) if (event.type === 'notice') texts.push(event.text)
    expect(texts).toEqual(['one', 'two'])
    expect(await run.result).toBe(42)
  })

  it('ends the events of a run that fails, and rejects only the result', async () => {
    const run = startRun(async (emit) => {
      emit(notice('one'))
      throw new Error('broken')
    })
    const types: string[] = []
    for await (const event of run) types.push(event.type)
    expect(types).toEqual(['notice'])
    await expect(run.result).rejects.toThrow('broken')
  })
})

describe('a run that must end at once', () => {
  const grace = new AbortController()
  const time = { pause: async () => {}, limit: () => grace.signal }

  it('has a moment to end by itself, and then ends whatever it waits for', async () => {
    const abort = new AbortController()
    const { result } = startRun(() => new Promise(() => {}), { abort: abort.signal, time })
    abort.abort()
    const waiting = Symbol('waiting')
    expect(await Promise.race([result, new Promise((resolve) => setImmediate(resolve, waiting))])).toBe(
      waiting,
    )
    grace.abort()
    await expect(result).rejects.toMatchObject({ name: 'CancelledError' })
  })

  it('keeps the failure that it ends with in that moment', async () => {
    const abort = new AbortController()
    const { result } = startRun(
      () =>
        new Promise((_, reject) => abort.signal.addEventListener('abort', () => reject(new Error('closed')))),
      { abort: abort.signal },
    )
    abort.abort()
    await expect(result).rejects.toThrow('closed')
  })
})
