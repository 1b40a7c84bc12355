import { type EncryptionKey, managedKeys, managedText } from './managed-texts.ts'

/** The provider file of a cluster, in use and wanted. */
export interface KeyInUse {
  readonly current: string
  /** An earlier run began a change. */
  readonly pending: boolean
  /** What it began to change to. */
  readonly desired?: string | undefined
}

/** The provider file with one other key of this program's own: that of an exchange which an earlier run has begun, or a new one. */
export function nextKeyText({ current, pending, desired }: KeyInUse, newKey: () => EncryptionKey): string {
  const begun = pending && desired !== undefined && desired !== current ? managedKeys(desired) : undefined
  return managedText(begun ?? [newKey()])
}
