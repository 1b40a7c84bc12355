export interface Lazy<T> {
  readonly get: () => Promise<T>
  /** What was opened, if anything was. */
  readonly opened: () => Promise<T> | undefined
}

/** Opens once, when first asked; a failed attempt is made again when asked again. */
export function lazily<T>(open: () => Promise<T>): Lazy<T> {
  let opened: Promise<T> | undefined
  const get = (): Promise<T> => {
    opened ??= open().catch((thrown: unknown) => {
      opened = undefined
      throw thrown
    })
    return opened
  }
  return { get, opened: () => opened }
}
