import { unlessAborted } from '../../transport/unless-aborted.ts'
import type { PullListener, PullOptions } from '../docker-api.ts'
import { cancelled } from '../docker-error.ts'

export type StartPull = (listener: Required<PullListener>, signal: AbortSignal) => Promise<void>

interface Running {
  readonly finished: Promise<void>
  readonly abort: AbortController
  readonly listeners: Set<PullListener>
  waiting: number
}

/** Lets all who want the same image at the same time wait for one pull; it ends early when all gave up. */
export class SharedPulls {
  readonly #host: string
  readonly #running = new Map<string, Running>()

  constructor(host: string) {
    this.#host = host
  }

  async pull(ref: string, options: PullOptions, start: StartPull): Promise<void> {
    const running = this.#running.get(ref) ?? this.#begin(ref, start)
    running.waiting += 1
    running.listeners.add(options)
    try {
      await unlessAborted(running.finished, options.signal, () => cancelled(this.#host, `pull image ${ref}`))
    } finally {
      running.listeners.delete(options)
      running.waiting -= 1
      if (running.waiting === 0) running.abort.abort()
    }
  }

  #begin(ref: string, start: StartPull): Running {
    const abort = new AbortController()
    const listeners: Running['listeners'] = new Set()
    const all: Required<PullListener> = {
      onProgress: (done, total) => {
        for (const { onProgress } of listeners) onProgress?.(done, total)
      },
      onRetry: (retry) => {
        for (const { onRetry } of listeners) onRetry?.(retry)
      },
    }
    const finished = start(all, abort.signal)
    const running: Running = { finished, abort, listeners, waiting: 0 }
    this.#running.set(ref, running)
    const remove = (): void => {
      if (this.#running.get(ref) === running) this.#running.delete(ref)
    }
    finished.then(remove, remove)
    abort.signal.addEventListener('abort', remove)
    return running
  }
}
