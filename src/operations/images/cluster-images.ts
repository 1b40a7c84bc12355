import { manifestImages } from '../../addons/objects/manifest-images.ts'
import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { imagesFor } from '../../config/images/image-lists.ts'
import type { Deps } from '../../session/deps.ts'
import { readUserManifests } from '../../session/prepare/read-user-manifests.ts'

/** What is needed to know a cluster's images. */
export type ImageDeps = Pick<Deps, 'catalog' | 'readInclude'>

export interface ClusterImages {
  readonly images: readonly string[]
  /** What of the user's own manifests could not be had, and why. */
  readonly leftOut: readonly string[]
}

/** A warning of what is left out. */
export const unlisted = (what: string): string => `${what}; images that it needs are not in the list`

/**
 * The images that this very cluster needs, each once: those of its nodes and add-ons, then those that its own
 * manifests (`addons`, `addons_include`) name, as far as those can be had.
 */
export async function clusterImages(
  config: ClusterConfig,
  deps: ImageDeps,
  signal: AbortSignal,
): Promise<ClusterImages> {
  const catalog = deps.catalog ?? (await openCatalog())
  const { inline, included } = await readUserManifests(config, deps, signal)
  const own = [inline, included].flatMap(({ text }) => manifestImages(text))
  return {
    images: [...new Set([...imagesFor(config, catalog), ...own])],
    leftOut: [...inline.leftOut, ...included.leftOut],
  }
}
