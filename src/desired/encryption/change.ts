import { mergedText, readsWritten } from './merge.ts'

/** What is known of the encryption of Secrets. An empty text stands for none. */
export interface EncryptionFacts {
  /** Text of the provider file in use. */
  readonly current: string
  readonly wanted: string
  /** An earlier run began a change: who has which of its texts is not known, nor whether Secrets were rewritten. */
  readonly pending: boolean
  /** How many API servers there are to be, how many there are, and how many of these have a provider file. */
  readonly wantedServers: number
  readonly servers: number
  readonly withFile: number
  /** One of them does not see the socket of a kms plugin of the wanted text, and will once its container is replaced. */
  readonly lacksSocket?: boolean
}

/** What API servers are to do with a provider file. */
export interface EncryptionReason {
  readonly kind: 'read-new-keys' | 'encrypt' | 'encrypt-with-other-keys' | 'stop-encrypting' | 'drop-old-keys'
}

/** A text that all API servers get, one after the other, and why; or all Secrets written anew. */
export type EncryptionStep = { readonly text: string; readonly because: EncryptionReason } | 'rewrite'

export interface EncryptionChange {
  /** Before containers are changed; or after that, if API servers use a provider file only then. */
  readonly before: readonly EncryptionStep[]
  readonly after: readonly EncryptionStep[]
  /** What API servers have that are started or replaced between the two. */
  readonly between: string
  /** Why the cluster goes on with the text that it has, and the change must wait for another run. */
  readonly waits?: string
}

/** The cluster goes on with the text that it has. */
export const keepEncryption = (current: string, waits: string): EncryptionChange => ({
  before: [],
  after: [],
  between: current,
  waits,
})

/**
 * How the encryption of Secrets is changed under API servers that serve: what one of them writes can be read by all
 * others at every moment, and by those that come after. First all learn to read what is to be written; then all write
 * it, and still read what was written before; then every Secret is written anew; and only then the old keys go.
 * `undefined`: there is nothing to change.
 *
 * See [rotating a decryption key](https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/#rotating-a-decryption-key).
 */
export function encryptionChange(facts: EncryptionFacts): EncryptionChange | undefined {
  const { current, wanted, pending, servers, withFile, lacksSocket = false } = facts
  if (current === wanted && !pending) return undefined
  const reading = { text: mergedText(current, wanted), because: { kind: 'read-new-keys' } } as const
  const writing = { text: mergedText(wanted, current), because: writingReason(wanted, current) }
  const last = { text: wanted, because: { kind: 'drop-old-keys' } } as const
  const isLast = wanted === '' || wanted === writing.text
  const end = isLast ? (['rewrite'] as const) : (['rewrite', last] as const)
  const haveNone = withFile < servers || servers === 0
  // API servers lose their file only after everything was written without encryption.
  if (wanted === '' && haveNone && readsWritten('', current)) {
    return { before: [], after: [], between: '' }
  }
  if ((!haveNone && !lacksSocket) || (wanted === '' && withFile > 0)) {
    const mustLearn = servers > 1 && (pending || !readsWritten(current, wanted))
    const first = mustLearn ? [reading] : []
    const second = pending || writing.text !== current ? [writing] : []
    return { before: [...first, ...second, ...end], after: [], between: wanted }
  }
  // Nobody could read the Secrets to write them anew: that is repaired first.
  if (wanted === '') return keepEncryption(current, 'no API server had the keys')
  if (facts.wantedServers === 1) return { before: [], after: end, between: writing.text }
  // API servers that have a file do not reload it by themselves.
  const first = withFile > 0 ? [reading] : []
  return { before: [], after: [...first, writing, ...end], between: reading.text }
}

function writingReason(wanted: string, current: string): EncryptionReason {
  if (wanted === '') return { kind: 'stop-encrypting' }
  const isFirst = readsWritten(wanted, '') && readsWritten('', current)
  return { kind: isFirst ? 'encrypt' : 'encrypt-with-other-keys' }
}
