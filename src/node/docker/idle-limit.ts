import type { Readable } from 'node:stream'
import type { Time } from '../../time.ts'

/** Aborted when nothing has moved for some time, which is checked at the end of each such time: after one to two of it. */
export class IdleLimit {
  readonly #expired = new AbortController()
  readonly #time: Time
  readonly #milliseconds: number
  #moves = 0
  #isWaiting = true
  #isOver = false

  constructor(time: Time, milliseconds: number) {
    this.#time = time
    this.#milliseconds = milliseconds
    this.#watch()
  }

  get signal(): AbortSignal {
    return this.#expired.signal
  }

  /** Something moved. */
  readonly moved = (): void => {
    this.#moves += 1
  }

  /** The transfer has ended, however it did. */
  readonly end = (): void => {
    this.#isOver = true
  }

  /** The pieces of a stream that comes, each of them a move. While its reader has a piece nothing is waited for. */
  async *received(stream: Readable): AsyncGenerator<Buffer> {
    for await (const piece of stream) {
      this.#isWaiting = false
      yield piece
      this.#isWaiting = true
      this.moved()
    }
  }

  #watch(): void {
    const before = this.#moves
    const limit = this.#time.limit(this.#milliseconds)
    limit.addEventListener('abort', () => {
      if (this.#isOver) return
      if (this.#isWaiting && this.#moves === before) this.#expired.abort()
      else this.#watch()
    })
  }
}
