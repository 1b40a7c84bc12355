import { readProviders } from './read-providers.ts'

/** Providers that name a key in what they write. */
const KEYED = ['aesgcm', 'aescbc', 'secretbox'] as const

/**
 * What Kubernetes puts before values that the providers of a file have written, without `k8s:enc:`: `aescbc:v1:key-1`. An empty
 * text stands for no file.
 */
export function keyNames(text: string): readonly string[] {
  const providers = readProviders(text).flatMap((item) => item.providers)
  return providers.flatMap((provider) => [
    ...KEYED.flatMap((kind) => (provider[kind]?.keys ?? []).map(({ name }) => `${kind}:v1:${name}`)),
    ...(provider.kms === undefined ? [] : [`kms:${provider.kms.apiVersion || 'v1'}:${provider.kms.name}`]),
  ])
}
