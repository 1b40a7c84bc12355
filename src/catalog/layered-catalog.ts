import type { Catalog } from './catalog.ts'
import { inNumericOrder, minorOf } from './version-order.ts'

/**
 * One catalogue of several: each Kubernetes version, with its images, flags and manifests, is that of the first one that knows
 * it. Nothing of a version is taken from two of them. The default version is that of the first one.
 */
export function layeredCatalog(first: Catalog, ...others: readonly Catalog[]): Catalog {
  const layers = [first, ...others]
  /** A version that nobody knows is that of whoever knows its flags. */
  const of = (version: string, tag?: string): Catalog =>
    layers.find((catalog) => catalog.isKnown(version)) ??
    layers.find((catalog) => catalog.hasServiceOptions(version, tag)) ??
    first
  const inOrder = (versions: readonly string[]): readonly string[] => inNumericOrder([...new Set(versions)])
  return {
    defaultVersion: first.defaultVersion,
    knownVersions: inOrder(layers.flatMap(({ knownVersions }) => knownVersions)),
    currentVersions: newestOfMinors(inOrder(layers.flatMap(({ currentVersions }) => currentVersions))),
    source: (version) => of(version).source(version),
    isKnown: (version) => layers.some((catalog) => catalog.isKnown(version)),
    systemImages: (version) => of(version).systemImages(version),
    serviceOptions: (version, tag) => of(version, tag).serviceOptions(version, tag),
    hasServiceOptions: (version, tag) => of(version, tag).hasServiceOptions(version, tag),
    dockerVersions: (version) => of(version).dockerVersions(version),
    acceptsDocker: (version, docker) => of(version).acceptsDocker(version, docker),
    addonTemplate: (addon, version) => of(version).addonTemplate(addon, version),
    addonTemplateText: (addon, version) => of(version).addonTemplateText(addon, version),
    backupImage: (alpineImage) => first.backupImage(alpineImage),
  }
}

/** The last one of each minor. */
function newestOfMinors(ascending: readonly string[]): readonly string[] {
  return [...new Map(ascending.map((version) => [minorOf(version), version])).values()]
}
