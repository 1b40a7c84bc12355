/** How values begin in etcd that an API server has encrypted: before the provider, its version, and the name of its key. */
export const ENCRYPTED = 'k8s:enc:'

/** Whether a value that begins so is stored as a mark says: all values that are encrypted so begin with it, and `''` stands for plain text. */
export function isStoredAs(mark: string, head: string): boolean {
  return mark === '' ? !head.startsWith(ENCRYPTED) : head.startsWith(mark)
}

/** How values are stored, for people: `aescbc:v1:k-7xw4d`, `identity`. The name of a key is no secret. */
export function markText(mark: string): string {
  return mark === '' ? 'identity' : mark.slice(ENCRYPTED.length).replace(/:$/, '')
}

/** How many values of a resource are stored in one way. */
export interface StoredValues {
  /** `secrets`, `widgets.example.com`. */
  readonly resource: string
  /** `aescbc:v1:k-7xw4d`, or `identity` for plain text. */
  readonly storedAs: string
  readonly count: number
}
