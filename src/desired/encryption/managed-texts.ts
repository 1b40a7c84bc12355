import { type Json, sortedYaml } from '../../config/yaml/write/sorted-yaml.ts'
import { Secret } from '../../secret.ts'
import { omitEmpty } from '../files/omit-empty.ts'
import { type EncryptedResources, type EncryptionConfiguration, readProviders } from './read-providers.ts'

/** A key of the `aescbc` provider. */
export interface EncryptionKey {
  readonly name: string
  /** Base64 of 32 bytes. */
  readonly secret: Secret<string>
}

const HEAD = 'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n'
const SECRETS = '- resources:\n  - secrets\n  providers:\n'
const IDENTITY = '  - identity: {}'
/** Kubernetes' alphabet for generated names: no vowels, nothing that looks like another. */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** A new key. `randomBytes` gives that many unpredictable bytes; 16 make the key, as a hex text of 32 bytes. */
export function newEncryptionKey(randomBytes: (count: number) => Uint8Array): EncryptionKey {
  const hex = Buffer.from(randomBytes(16)).toString('hex').toUpperCase()
  // A name need not be unpredictable, so the slight preference of the remainder does not matter.
  const letters = [...randomBytes(5)].map((byte) => NAME_ALPHABET[byte % NAME_ALPHABET.length])
  return { name: `k-${letters.join('')}`, secret: new Secret(Buffer.from(hex).toString('base64')) }
}

/**
 * Provider file with keys of this program's own, the one to write with first. Like every text here it holds the
 * keys in the clear, and is kept in the state and compared with it, byte for byte.
 */
export function managedText(keys: readonly EncryptionKey[]): string {
  return `${HEAD}resources:\n${SECRETS}${aescbc(keys)}\n${IDENTITY}`
}

/** The same while nothing is to be encrypted: what is encrypted can be read, what is written stays plain. */
export function managedDisabledText(keys: readonly EncryptionKey[]): string {
  return `${HEAD}resources:\n${SECRETS}${IDENTITY}\n${aescbc(keys)}`
}

function aescbc(keys: readonly EncryptionKey[]): string {
  const items = keys.map(({ name, secret }) => `      - name: ${name}\n        secret: ${secret.reveal()}`)
  return ['  - aescbc:', '      keys:', ...items].join('\n')
}

/**
 * Provider file with a configuration of the user's own, below a head that may repeat what it says itself: the
 * text is compared with earlier ones, so it stays as it always was.
 */
export function customText({ apiVersion, kind, resources }: EncryptionConfiguration): string {
  // Optional providers are left out or objects; the schema admits nothing but JSON values.
  return `${HEAD}${sortedYaml({ ...omitEmpty({ apiVersion, kind }), resources: resources as Json })}\n`
}

/** Any provider file, as Kubernetes reads it: one head, keys sorted. */
export function providersText(resources: readonly EncryptedResources[]): string {
  return sortedYaml({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    // Optional providers are left out or objects; the schema admits nothing but JSON values.
    resources: resources as readonly object[] as Json,
  })
}

/**
 * The keys of a text with this program's own keys, whether it encrypts or is on its way to or from plain text;
 * `undefined` for any other text.
 */
export function managedKeys(text: string): readonly EncryptionKey[] | undefined {
  const keys = readProviders(text)
    .flatMap(({ providers }) => providers)
    .flatMap(({ aescbc: provider }) => provider?.keys ?? [])
    .map(({ name, secret }) => ({ name, secret: new Secret(secret) }))
  return [managedText(keys), managedDisabledText(keys)].includes(text) ? keys : undefined
}
