import { manifestImages } from '../addons/manifest-images.ts'
import { checkUserManifest, includesManifest } from '../addons/user-addons.ts'
import { openCatalog } from '../catalog/open-catalog.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { imagesFor } from '../config/images/image-lists.ts'
import type { Deps } from './deps.ts'
import { readIncludes } from './read-includes.ts'

/** What is needed to know a cluster's images. */
export type ImageDeps = Pick<Deps, 'catalog' | 'readInclude'>

/**
 * The images that this very cluster needs, each once: those of its nodes and add-ons, then those that its own
 * manifests (`addons`, `addons_include`) name.
 * @throws ConfigError for a manifest that cannot be read.
 */
export async function clusterImages(
  config: ClusterConfig,
  deps: ImageDeps,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const catalog = deps.catalog ?? (await openCatalog())
  const inline = config.addons ?? ''
  checkUserManifest('addons', inline)
  const included = includesManifest(await readIncludes(config, deps, signal))
  const own = [inline, included].flatMap(manifestImages)
  return [...new Set([...imagesFor(config, catalog), ...own])]
}
