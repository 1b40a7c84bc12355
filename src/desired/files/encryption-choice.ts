import type { ClusterConfig } from '../../config/cluster-config.ts'
import { customText, type EncryptionKey, managedText } from './encryption.ts'

export interface EncryptionChoice {
  readonly config: ClusterConfig
  /** Provider file that was applied last; none or "" if Secrets were not encrypted. */
  readonly current?: string | undefined
  /** Provider file that an earlier run chose but may not have applied. */
  readonly desired?: string | undefined
  /** Makes a key; called only if there is none yet. */
  readonly newKey: () => EncryptionKey
}

/**
 * Text of the provider file that the cluster should have, or `undefined` where Secrets are not to be encrypted.
 * A custom configuration always counts; otherwise a text that exists is kept, so that keys stay the same from
 * run to run.
 */
export function wantedEncryption({ config, current, desired, newKey }: EncryptionChoice): string | undefined {
  const wanted = config.services.kubeApi.secretsEncryptionConfig
  if (!wanted?.enabled) return undefined
  if (wanted.customConfig !== undefined) return customText(wanted.customConfig)
  return current || desired || managedText([newKey()])
}
