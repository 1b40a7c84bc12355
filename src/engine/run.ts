import { CancelledError } from '../errors.ts'
import { realTime, type Time } from '../time.ts'
import type { Event } from './events.ts'

/** A running operation: its events as they happen, and its result. Reading the events is optional. */
export interface Run<T> extends AsyncIterable<Event> {
  readonly result: Promise<T>
}

export interface RunEnd {
  readonly abort?: AbortSignal | undefined
  readonly time?: Time | undefined
}

/** Milliseconds for what runs to end by itself once it must end at once. */
const GRACE_MS = 1_000

/**
 * Starts `body` and returns its events and its result. Events are buffered until they are read; reading them is
 * optional. A moment after `abort` is aborted the run ends, whatever `body` waits for.
 */
export function startRun<T>(
  body: (emit: (event: Event) => void) => Promise<T>,
  { abort, time = realTime }: RunEnd = {},
): Run<T> {
  const waiting: Event[] = []
  let ended = false
  let wake: () => void = () => {}
  const emit = (event: Event): void => {
    waiting.push(event)
    wake()
  }
  const result = unlessAbandoned(body(emit), abort, time).finally(() => {
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

/** The result of `work`, unless that is not there when its time to end is over. */
function unlessAbandoned<T>(work: Promise<T>, abort: AbortSignal | undefined, time: Time): Promise<T> {
  if (abort === undefined) return work
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const abandon = (): void => reject(new CancelledError('ended at once, in the middle of running steps'))
  const onAbort = (): void => time.limit(GRACE_MS).addEventListener('abort', abandon)
  if (abort.aborted) onAbort()
  abort.addEventListener('abort', onAbort)
  work.then(resolve, reject).finally(() => abort.removeEventListener('abort', onAbort))
  return promise
}
