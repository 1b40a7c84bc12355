import { load } from 'js-yaml'
import type { KubeObject } from '../../src/kube/objects/kube-object.ts'
import { type KubeStore, StatusError } from './kube-store.ts'

/** The provider of Secrets that are not encrypted. */
export const PLAIN = 'identity'

/** A key of an encryption provider file, or its provider that encrypts nothing. */
export interface Provider {
  readonly name: string
  /** Differs from that of another key of the same name. */
  readonly id: string
}

interface ProviderFile {
  readonly resources: readonly {
    readonly providers: readonly Readonly<
      Record<string, { readonly keys?: readonly { readonly name: string; readonly secret: string }[] }>
    >[]
  }[]
}

const plain: Provider = { name: PLAIN, id: PLAIN }
const known = new Map<string, readonly Provider[]>([['', [plain]]])

/** What a provider file has for Secrets, in its order; the first one encrypts what is written. */
export function providersOf(text: string): readonly Provider[] {
  const before = known.get(text)
  if (before !== undefined) return before
  const { resources } = load(text, { json: true }) as ProviderFile
  const providers = (resources[0]?.providers ?? []).flatMap((provider) =>
    Object.entries(provider).flatMap(
      ([kind, { keys }]) =>
        keys?.map(({ name, secret }) => ({ name, id: `${name} ${secret}` })) ?? [{ name: kind, id: kind }],
    ),
  )
  known.set(text, providers)
  return providers
}

/** An API server with this provider file writes an object. */
export function sealed<T extends KubeObject>(store: KubeStore, object: T, encryption: string): T {
  if (object.kind === 'Secret') store.seals.set(sealKey(object), providersOf(encryption)[0] ?? plain)
  return object
}

/** As what a Secret is stored. */
export const sealOf = (store: KubeStore, secret: KubeObject): Provider =>
  store.seals.get(sealKey(secret)) ?? plain

/** What an API server with this provider file reads; it fails if it has not the key of each of them. */
export function unsealed<T extends KubeObject>(
  store: KubeStore,
  objects: readonly T[],
  encryption: string,
): readonly T[] {
  const secrets = objects.filter(({ kind }) => kind === 'Secret')
  if (secrets.length === 0) return objects
  const keys = new Set(providersOf(encryption).map(({ id }) => id))
  const lost = secrets.find((secret) => !keys.has(sealOf(store, secret).id))
  if (lost === undefined) return objects
  const path = `/registry/secrets/${sealKey(lost)}`
  throw new StatusError(500, 'InternalError', `unable to transform key "${path}": no matching prefix found`)
}

const sealKey = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`
