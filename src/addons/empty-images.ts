import type { ClusterConfig, SystemImage } from '../config/cluster-config.ts'
import { clusterConfigSchema } from '../config/schema/cluster.ts'
import { yamlPath } from '../config/schema/reading/yaml-keys.ts'
import { systemImageNames } from '../config/schema/system-images.ts'
import { isRecord } from './objects/manifest.ts'
import type { Manifest } from './objects/manifest-object.ts'

type Images = Pick<ClusterConfig, 'systemImages'>

/** An image that the version does not have is empty, or a default registry alone. */
const isEmpty = (image: unknown): boolean =>
  image === null || image === '' || (typeof image === 'string' && image.endsWith('/'))

/**
 * Keys of `system_images`, as cluster.yml spells them, that containers of a manifest need and that are empty.
 * @param make the manifest with other images
 */
export function emptyImages<C extends Images>(
  config: C,
  manifest: Manifest,
  make: (config: C) => Manifest,
): readonly string[] {
  const empty = containersWithoutImage(manifest)
  if (empty === 0) return []
  const helps = (name: SystemImage): boolean => {
    const systemImages = { ...config.systemImages, [name]: 'image:tag' }
    return containersWithoutImage(make({ ...config, systemImages })) < empty
  }
  const names = systemImageNames.filter((name) => isEmpty(config.systemImages[name]))
  return names.filter(helps).map((name) => yamlPath(clusterConfigSchema, ['systemImages', name]).join('.'))
}

const CONTAINERS: readonly string[] = ['containers', 'initContainers']

function containersWithoutImage(value: unknown): number {
  if (Array.isArray(value)) return sum(value.map(containersWithoutImage))
  if (!isRecord(value)) return 0
  return sum(
    Object.entries(value).map(([key, inner]) =>
      CONTAINERS.includes(key) && Array.isArray(inner)
        ? inner.filter((container) => isRecord(container) && isEmpty(container.image)).length
        : containersWithoutImage(inner),
    ),
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
