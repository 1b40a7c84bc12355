import type { Catalog } from './catalog.ts'
import { compareNumericWords, inNumericOrder, minorOf } from './version-order.ts'

/**
 * One catalogue of several: each Kubernetes version, with its images, flags and manifests, is that of the first one that knows
 * it, the built-in one last. Nothing of a version is taken from two of them. What a version does not decide stays as it is
 * built in: the default version, and with it the image that saves and restores.
 */
export function layeredCatalog(builtIn: Catalog, imported: readonly Catalog[]): Catalog {
  const layers = [...imported, builtIn]
  /** A version that nobody knows is that of whoever knows its flags. */
  const of = (version: string, tag?: string): Catalog =>
    layers.find((catalog) => catalog.isKnown(version)) ??
    layers.find((catalog) => catalog.hasServiceOptions(version, tag)) ??
    builtIn
  const inOrder = (versions: readonly string[]): readonly string[] => inNumericOrder([...new Set(versions)])
  const oldestMinor = minorOf(builtIn.currentVersions[0] ?? '')
  /** An older document lists minors that are no longer on offer. */
  const isOnOffer = (version: string): boolean => compareNumericWords(minorOf(version), oldestMinor) >= 0
  const current = layers.flatMap(({ currentVersions }) => currentVersions).filter(isOnOffer)
  return {
    defaultVersion: builtIn.defaultVersion,
    knownVersions: inOrder(layers.flatMap(({ knownVersions }) => knownVersions)),
    currentVersions: newestOfMinors(inOrder(current)),
    source: (version) => of(version).source(version),
    isKnown: (version) => layers.some((catalog) => catalog.isKnown(version)),
    systemImages: (version) => of(version).systemImages(version),
    serviceOptions: (version, tag) => of(version, tag).serviceOptions(version, tag),
    hasServiceOptions: (version, tag) => of(version, tag).hasServiceOptions(version, tag),
    dockerVersions: (version) => of(version).dockerVersions(version),
    acceptsDocker: (version, docker) => of(version).acceptsDocker(version, docker),
    addonTemplate: (addon, version) => of(version).addonTemplate(addon, version),
    addonTemplateText: (addon, version) => of(version).addonTemplateText(addon, version),
    hasTemplates: (version) => of(version).hasTemplates(version),
    backupImage: (alpineImage) => builtIn.backupImage(alpineImage),
  }
}

/** The last one of each minor. */
function newestOfMinors(ascending: readonly string[]): readonly string[] {
  return [...new Map(ascending.map((version) => [minorOf(version), version])).values()]
}
