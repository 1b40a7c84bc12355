/** Runs pieces of work that share a key one after the other, in the order in which they came. */
export class InTurn<K extends object> {
  readonly #last = new WeakMap<K, Promise<unknown>>()

  run<T>(key: K, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const result = before.then(work, work)
    this.#last.set(
      key,
      result.catch(() => {}),
    )
    return result
  }
}
