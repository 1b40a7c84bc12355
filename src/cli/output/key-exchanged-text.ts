import type { StoredValues } from '../../encryption-mark.ts'
import type { RotateEncryptionKeyResult } from '../../operations/rotate-encryption-key.ts'

/** How an exchange of the encryption key has ended: what was seen in etcd, if this run has asked it. */
export function keyExchangedText({
  steps,
  stored,
}: {
  readonly steps: readonly Pick<RotateEncryptionKeyResult['steps'][number], 'kind'>[]
  readonly stored: readonly StoredValues[]
}): string {
  const done = 'The encryption key is exchanged'
  const has = (wanted: string): boolean => steps.some(({ kind }) => kind === wanted)
  if (stored.length > 0) return `${done}: in etcd there are ${stored.map(storedText).join(', ')}`
  if (has('encryption.verify')) return `${done}: etcd was asked, and has no values of what is encrypted`
  if (!has('encryption.rewrite')) return done
  return `${done}; the etcd that has the values is not one of this cluster, so it was not asked how they are stored`
}

const storedText = ({ resource, storedAs, count }: StoredValues): string =>
  `${count} ${resource} stored as ${storedAs}`
