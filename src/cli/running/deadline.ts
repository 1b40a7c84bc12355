/** A callback at a time, unless it is cancelled. */
export class Deadline {
  readonly #happens: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(happens: () => void) {
    this.#happens = happens
  }

  /** Sets the time, in milliseconds from now; replaces an earlier one. */
  in(milliseconds: number): void {
    this.none()
    this.#timer = setTimeout(this.#happens, milliseconds)
  }

  none(): void {
    clearTimeout(this.#timer)
  }
}
