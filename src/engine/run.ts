import type { Event } from './events.ts'

/** A running operation: its events as they happen, and its result. Reading the events is optional. */
export interface Run<T> extends AsyncIterable<Event> {
  readonly result: Promise<T>
}

/**
 * Starts `body` and returns its events and its result. Events are buffered until they are read; reading them is
 * optional.
 */
export function startRun<T>(body: (emit: (event: Event) => void) => Promise<T>): Run<T> {
  const waiting: Event[] = []
  let ended = false
  let wake: () => void = () => {}
  const emit = (event: Event): void => {
    waiting.push(event)
    wake()
  }
  const result = body(emit).finally(() => {
    ended = true
    wake()
  })
  // Prevents an unhandled rejection for callers that read only events; `result` still rejects for its readers.
  result.catch(() => {})
  async function* events(): AsyncGenerator<Event, void, undefined> {
    for (;;) {
      const event = waiting.shift()
      if (event !== undefined) yield event
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
  return { result, [Symbol.asyncIterator]: events }
}
