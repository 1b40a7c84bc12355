import { after } from '../../time.ts'

/** A callback at a time, unless it is cancelled. */
export class Deadline {
  readonly #happens: () => void
  #cancel: () => void = () => {}

  constructor(happens: () => void) {
    this.#happens = happens
  }

  /** Sets the time, in milliseconds from now; replaces an earlier one. */
  in(milliseconds: number): void {
    this.#cancel()
    this.#cancel = after(milliseconds, this.#happens)
  }

  none(): void {
    this.#cancel()
  }
}
