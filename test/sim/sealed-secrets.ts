import { load } from 'js-yaml'
import { ENCRYPTED } from '../../src/encryption-mark.ts'
import { etcdFolder } from '../../src/kube/objects/etcd-folder.ts'
import type { KubeObject } from '../../src/kube/objects/kube-object.ts'
import { covers, resourceName } from '../../src/kube/objects/resource-names.ts'
import { RESOURCES } from './kube-resources.ts'
import { type KubeStore, StatusError } from './kube-store.ts'

/** The provider of objects that are not encrypted. */
export const PLAIN = 'identity'

/** A key of an encryption provider file, or its provider that encrypts nothing. */
export interface Provider {
  readonly name: string
  /** Differs from that of another key of the same name. */
  readonly id: string
  /** What values begin with. */
  readonly mark: string
}

interface ProviderFile {
  readonly resources: readonly {
    readonly resources: readonly string[]
    readonly providers: readonly Readonly<
      Record<string, { readonly keys?: readonly { readonly name: string; readonly secret: string }[] }>
    >[]
  }[]
}

const plain: Provider = { name: PLAIN, id: PLAIN, mark: '' }
const known = new Map<string, readonly Provider[]>()
const files = new Map<string, ProviderFile['resources']>([['', []]])

/** What a provider file has for a resource, in its order; the first one encrypts what is written. */
export function providersOf(text: string, resource = 'secrets'): readonly Provider[] {
  const key = `${resource} ${text}`
  const before = known.get(key)
  if (before !== undefined) return before
  const items = files.get(text) ?? (load(text, { json: true }) as ProviderFile).resources
  files.set(text, items)
  const item = items.find(({ resources }) => covers(resources, resource))
  const providers = item === undefined ? [plain] : item.providers.flatMap(keysOf)
  known.set(key, providers)
  return providers
}

const keysOf = (provider: ProviderFile['resources'][number]['providers'][number]): readonly Provider[] =>
  Object.entries(provider).flatMap(
    ([kind, { keys }]) =>
      keys?.map(({ name, secret }) => ({
        name,
        id: `${name} ${secret}`,
        mark: `${ENCRYPTED}${kind}:v1:${name}:`,
      })) ?? [{ name: kind, id: kind, mark: kind === PLAIN ? '' : `${ENCRYPTED}${kind}:v1:` }],
  )

/** An API server with this provider file writes an object. */
export function sealed<T extends KubeObject>(store: KubeStore, object: T, encryption: string): T {
  const provider = providersOf(encryption, resourceOf(object))[0] ?? plain
  if (provider === plain) store.seals.delete(sealKey(object))
  else store.seals.set(sealKey(object), provider)
  return object
}

/** As what an object is stored. */
export const sealOf = (store: KubeStore, object: KubeObject): Provider =>
  store.seals.get(sealKey(object)) ?? plain

/** What an API server with this provider file reads; it fails if it has not the key of each of them. */
export function unsealed<T extends KubeObject>(
  store: KubeStore,
  objects: readonly T[],
  encryption: string,
): readonly T[] {
  const lost = objects.find((object) => {
    const { id } = sealOf(store, object)
    return !providersOf(encryption, resourceOf(object)).some((provider) => provider.id === id)
  })
  if (lost === undefined) return objects
  const path = `/registry/${pathOf(lost)}`
  throw new StatusError(500, 'InternalError', `unable to transform key "${path}": no matching prefix found`)
}

/** What etcd holds below a prefix, in the order of its keys. */
export function storedBelow(
  store: KubeStore,
  prefix: string,
  { limit, after = '' }: { readonly limit: number; readonly after?: string | undefined },
): { readonly heads: readonly { readonly key: string; readonly head: string }[]; readonly more: boolean } {
  const all = RESOURCES.flatMap(({ apiVersion, kind }) => store.list(apiVersion, kind))
    .map((object) => ({ key: `/registry/${pathOf(object)}`, head: sealOf(store, object).mark || 'k8s' }))
    .filter(({ key }) => key.startsWith(prefix) && key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return { heads: all.slice(0, limit), more: all.length > limit }
}

const resourceOf = ({ apiVersion, kind }: KubeObject): string => {
  const found = RESOURCES.find((one) => one.kind === kind && one.apiVersion === apiVersion)
  return found === undefined ? `${kind}.unknown` : resourceName(found.plural, apiVersion)
}

function pathOf(object: KubeObject): string {
  const { namespace, name } = object.metadata
  const folder = etcdFolder(resourceOf(object))
  return folder + (namespace === undefined ? name : `${namespace}/${name}`)
}

const sealKey = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace}/${metadata.name}`
