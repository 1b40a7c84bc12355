import type { ClusterConfig } from '../../config/cluster-config.ts'
import { customText, type EncryptionKey, managedKeys, managedText } from './managed-texts.ts'

export interface EncryptionChoice {
  readonly config: ClusterConfig
  /** The configuration that was applied last. */
  readonly applied?: ClusterConfig | undefined
  /** Provider file in use; none or "" if Secrets are not encrypted. */
  readonly current?: string | undefined
  /** That one is of a change that is not over: it may be neither what was applied nor what is wanted. */
  readonly pending?: boolean | undefined
  /** Provider file that an earlier run chose but may not have applied. */
  readonly desired?: string | undefined
  /** Makes a key; called only if there is none yet. */
  readonly newKey: () => EncryptionKey
}

/**
 * Text of the provider file that the cluster should have, or `undefined` where Secrets are not to be encrypted.
 * A custom configuration always counts; otherwise a text that exists is kept, so that keys stay the same from
 * run to run, and a change to other keys that was begun is gone on with. RKE left a custom text in use when its configuration was taken out of the file: a cluster where that was
 * done keeps it, one where it is done now gets a key.
 */
export function wantedEncryption(choice: EncryptionChoice): string | undefined {
  const { config, applied, current, pending = false, desired, newKey } = choice
  const wanted = config.services.kubeApi.secretsEncryptionConfig
  if (!wanted?.enabled) return undefined
  if (wanted.customConfig !== undefined) return customText(wanted.customConfig)
  // What a run has begun is gone on with: it may have been to exchange the key.
  if (pending && desired && isOwn(desired)) return encrypting(desired)
  const isLeft = pending || applied?.services.kubeApi.secretsEncryptionConfig?.customConfig !== undefined
  if (current && (!isLeft || isOwn(current))) return encrypting(current)
  // A run that chose a custom text may have ended before that was applied.
  return desired && isOwn(desired) ? encrypting(desired) : managedText([newKey()])
}

/** A text that is on its way to or from plain text encrypts again. */
function encrypting(text: string): string {
  const keys = managedKeys(text)
  return keys === undefined ? text : managedText(keys)
}

function isOwn(text: string): boolean {
  return managedKeys(text) !== undefined
}
