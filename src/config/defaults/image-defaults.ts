import type { Catalog } from '../../catalog/catalog.ts'
import type { ClusterInput, SystemImages } from '../cluster-config.ts'
import { systemImageNames } from '../schema/system-images.ts'

/**
 * Images given by the user as they are; all others from the catalogue, behind the first default registry if there
 * is one. Such a registry alone, `registry/`, stands for an image that the version does not have: so it is stored.
 * A version that is not in the catalogue has no default images.
 */
export function defaultSystemImages(input: ClusterInput, catalog: Catalog, version: string): SystemImages {
  const known = catalog.isKnown(version)
  const images = known ? catalog.systemImages(version) : {}
  const registry = input.privateRegistries?.find(({ isDefault }) => isDefault)?.url ?? ''
  const prefix = known && registry !== '' ? `${registry}/` : ''
  const entries = systemImageNames.map((name) => [
    name,
    input.systemImages?.[name] || `${prefix}${images[name] ?? ''}`,
  ])
  return Object.fromEntries(entries) as SystemImages
}
