import { manifestImages } from '../addons/manifest-images.ts'
import { openCatalog } from '../catalog/open-catalog.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { imagesFor } from '../config/images/image-lists.ts'
import { addonSteps } from './addon-steps.ts'
import type { Deps } from './deps.ts'

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
  const steps = await addonSteps(config, catalog, deps, signal)
  const own = steps.flatMap((step) =>
    step.kind === 'deploy' && USER_ADDONS.includes(step.addon) ? manifestImages(step.manifest) : [],
  )
  return [...new Set([...imagesFor(config, catalog), ...own])]
}

const USER_ADDONS: readonly string[] = ['user-addons', 'user-addons-include']
