/** Something that happens at a time, unless it is called off. */
export class Deadline {
  readonly #happens: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(happens: () => void) {
    this.#happens = happens
  }

  /** Sets the time, in milliseconds from now, in place of one that was set before. */
  in(milliseconds: number): void {
    this.none()
    this.#timer = setTimeout(this.#happens, milliseconds)
  }

  none(): void {
    clearTimeout(this.#timer)
  }
}
