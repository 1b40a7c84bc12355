import { ENCRYPTED } from '../../encryption-mark.ts'
import { covers } from '../../kube/objects/resource-names.ts'
import { Secret } from '../../secret.ts'
import { type EncryptedResources, type EncryptionProvider, readProviders } from './read-providers.ts'

/** Resources as a provider file names them, and how their values are stored in the end. */
export interface StoredResources {
  /** `secrets`, `widgets.example.com`, `*.apps`, `*.*`: see `covers`. */
  readonly resource: string
  /**
   * How every value begins in etcd; empty where it is not encrypted. Holds the name of a key, not the key; a secret all the same, as
   * those are that differ from one plan to the next.
   */
  readonly mark: Secret<string>
  /** The key was made in this run. */
  readonly generated: boolean
}

/**
 * All resources that one of two provider files names, with the marks of what the second one writes. The first that means a
 * resource counts, as in the files.
 */
export function storedResources(
  before: string,
  after: string,
  generated = false,
): readonly StoredResources[] {
  const [old, items] = [readProviders(before), readProviders(after)]
  const names = [...items, ...old].flatMap(({ resources }) => resources)
  return [...new Set(names)].map((resource) => ({
    resource,
    mark: new Secret(markFor(resource, items)),
    generated,
  }))
}

function markFor(resource: string, items: readonly EncryptedResources[]): string {
  const [writer = {}] = items.find(({ resources }) => covers(resources, resource))?.providers ?? []
  return markOf(writer)
}

/**
 * As the API server's transformers write it: the provider, its version, and the name of the key or plugin
 * (`k8s.io/apiserver/pkg/server/options/encryptionconfig`).
 */
function markOf({ aesgcm, aescbc, secretbox, kms }: EncryptionProvider): string {
  for (const [kind, provider] of Object.entries({ aesgcm, aescbc, secretbox })) {
    const [key] = provider?.keys ?? []
    if (key !== undefined) return `${ENCRYPTED}${kind}:v1:${key.name}:`
  }
  return kms === undefined ? '' : `${ENCRYPTED}kms:${kms.apiVersion || 'v1'}:${kms.name}:`
}
