import type { KubeApi } from '../client/kube-api.ts'
import { covers, type ServedKind } from '../objects/resource-names.ts'

/** What nearly all provider files name; for these alone nothing is looked up. */
const KNOWN: readonly ServedKind[] = [
  { apiVersion: 'v1', kind: 'Secret', resource: 'secrets' },
  { apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps' },
]

/** A kind, and the first item that means it. */
export interface MeantKind<T> {
  readonly kind: ServedKind
  readonly item: T
}

export interface Meant<T> {
  readonly kinds: readonly MeantKind<T>[]
  /** Items that name one resource, which the API does not serve: etcd may hold objects of it all the same. */
  readonly notServed: readonly T[]
}

/** The kinds that items mean by names of resources, as `covers` says. */
export async function meantKinds<T extends { readonly resource: string }>(
  kube: Pick<KubeApi, 'servedKinds'>,
  items: readonly T[],
  signal?: AbortSignal,
): Promise<Meant<T>> {
  const isKnown = items.every(({ resource }) => KNOWN.some((kind) => kind.resource === resource))
  const names = items.map(({ resource }) => resource)
  const served = isKnown ? KNOWN : await kube.servedKinds(names, signal)
  const kinds = served.flatMap((kind) => {
    const item = items.find(({ resource }) => covers([resource], kind.resource))
    return item === undefined ? [] : [{ kind, item }]
  })
  const notServed = items.filter(
    ({ resource }) => !resource.startsWith('*') && !served.some((kind) => kind.resource === resource),
  )
  return { kinds, notServed }
}
