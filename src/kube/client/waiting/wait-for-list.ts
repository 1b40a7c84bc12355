import { CancelledError, DeadlineError } from '../../../errors.ts'
import { seconds } from '../../../poll.ts'
import type { Time } from '../../../time.ts'
import type { KubeObject } from '../../objects/kube-object.ts'
import { ApiError, isTransient } from '../api-error.ts'
import type { Page, WaitOptions } from '../kube-api.ts'
import type { WatchEvent } from './watcher.ts'

/** List and watch of a collection. */
export interface Collection<T extends KubeObject> {
  list(signal: AbortSignal): Promise<Page<T>>
  follow(resourceVersion: string, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void>
}

const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 2_000

/**
 * Lists, then watches, and lists again whenever the watch ends, until `test` is true of the collection. An API server
 * that is unreachable for a while, as during its own replacement, only costs time.
 */
export async function waitForList<T extends KubeObject>(
  collection: Collection<T>,
  test: (objects: readonly T[]) => boolean,
  options: WaitOptions & { readonly time: Time },
): Promise<readonly T[]> {
  const { what, deadlineMs, signal, time } = options
  const deadline = time.limit(deadlineMs)
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
  let trouble = ''
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
      either.throwIfAborted()
      try {
        const found = await listAndFollow(collection, test, either)
        if (found !== undefined) return found
        pause = FIRST_PAUSE_MS
      } catch (error) {
        if (!isTransient(error)) throw error
        trouble = `: ${error.message}`
      }
      await time.pause(pause, either)
    }
  } catch (thrown) {
    if (signal?.aborted) throw new CancelledError(`stopped while waiting for ${what}`, { cause: thrown })
    if (!deadline.aborted) throw thrown
    throw new DeadlineError(`waited ${seconds(deadlineMs)} for ${what}${trouble}`, { step: what })
  }
}

async function listAndFollow<T extends KubeObject>(
  collection: Collection<T>,
  test: (objects: readonly T[]) => boolean,
  signal: AbortSignal,
): Promise<readonly T[] | undefined> {
  const page = await collection.list(signal)
  const objects = new Map(page.items.map((item) => [keyOf(item), item]))
  if (test(page.items)) return page.items
  const { promise: verdict, resolve, reject } = Promise.withResolvers<readonly T[] | undefined>()
  const stop = new AbortController()
  const onEvent = ({ type, object }: WatchEvent): void => {
    // An ERROR (usually 410, the version is too old) ends the stream; the next list recovers from it.
    if (type === 'ERROR') resolve(undefined)
    if (type === 'ERROR' || type === 'BOOKMARK') return
    if (type === 'DELETED') objects.delete(keyOf(object))
    else objects.set(keyOf(object), object as T)
    try {
      const now = [...objects.values()]
      if (test(now)) resolve(now)
    } catch (error) {
      reject(error)
    }
  }
  collection
    .follow(page.resourceVersion, onEvent, AbortSignal.any([signal, stop.signal]))
    .then(() => resolve(undefined), asTransient(reject))
  try {
    return await verdict
  } finally {
    stop.abort()
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

/** After any end of a watch, the next list shows whether it was more than a broken connection. */
function asTransient(reject: (error: unknown) => void): (error: unknown) => void {
  return (error) => reject(new ApiError('watch ended', { cause: error }))
}
