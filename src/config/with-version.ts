import type { Catalog } from '../catalog/catalog.ts'
import type { ClusterConfig } from './cluster-config.ts'
import { applyDefaults } from './defaults/apply-defaults.ts'
import { defaultSystemImages } from './defaults/image-defaults.ts'

/** The same cluster with another Kubernetes version: images that were given stay, all others are those of that version. */
export function withVersion(
  config: ClusterConfig,
  kubernetesVersion: string,
  catalog: Catalog,
): ClusterConfig {
  const { systemImages: _, ...rest } = config
  const defaults: Readonly<Record<string, string>> = {
    ...defaultSystemImages(rest, catalog, config.kubernetesVersion),
  }
  const given = Object.entries(config.systemImages).filter(([name, image]) => defaults[name] !== image)
  const systemImages = Object.fromEntries(given)
  const { ignoreDockerVersion } = config
  return applyDefaults({ ...rest, kubernetesVersion, systemImages }, catalog, {
    ...(ignoreDockerVersion !== null && { ignoreDockerVersion }),
  })
}
