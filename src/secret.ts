import { inspect } from 'node:util'

const REDACTED = '[secret]'

/**
 * A value that does not stringify: in a template, in JSON, in `console.log` and in an error it reads `[secret]`. Only
 * `reveal()` returns it, so every use of a secret can be found by that word.
 */
export class Secret<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }
}
