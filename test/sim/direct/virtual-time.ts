import type { Time } from '../../../src/time.ts'
import type { SimWorld } from '../sim-world.ts'

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/**
 * Time that passes only while nothing else can be done: once everything waits, it is the next moment that somebody
 * waits for. So hours pass at once, and what comes first still comes first.
 */
export class VirtualTime implements Time {
  readonly #world: SimWorld
  #now = 0
  #sleepers: Sleeper[] = []
  #limits: Sleeper[] = []
  #scheduled = false

  constructor(world: SimWorld) {
    this.#world = world
  }

  pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    if (signal.aborted) {
      reject(signal.reason)
      return promise
    }
    const aborted = (): void => {
      this.#sleepers = this.#sleepers.filter((one) => one !== sleeper)
      reject(signal.reason)
    }
    const sleeper = {
      at: this.#now + milliseconds,
      wake: () => {
        signal.removeEventListener('abort', aborted)
        resolve()
      },
    }
    signal.addEventListener('abort', aborted, { once: true })
    this.#sleepers.push(sleeper)
    this.#schedule()
    return promise
  }

  limit(milliseconds: number): AbortSignal {
    const limit = new AbortController()
    const wake = (): void => limit.abort(new DOMException('the time is over', 'TimeoutError'))
    this.#limits.push({ at: this.#now + milliseconds, wake })
    return limit.signal
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (this.#sleepers.length === 0) return
      if (!this.#world.isSettling) this.#pass()
      if (this.#sleepers.length > 0) this.#schedule()
    })
  }

  /** To the next moment that somebody waits for. */
  #pass(): void {
    this.#now = Math.min(...this.#sleepers.map(({ at }) => at))
    const due = ({ at }: Sleeper): boolean => at <= this.#now
    const [over, awake] = [this.#limits.filter(due), this.#sleepers.filter(due)]
    this.#limits = this.#limits.filter((one) => !due(one))
    this.#sleepers = this.#sleepers.filter((one) => !due(one))
    for (const { wake } of [...over, ...awake]) wake()
  }
}
