import type { Catalog } from '../../catalog/catalog.ts'
import { imageTag } from '../../catalog/image-tag.ts'
import { minorOf } from '../../catalog/version-order.ts'
import type { ClusterConfig, ClusterInput, SystemImage } from '../cluster-config.ts'
import { usedImages } from '../images/image-lists.ts'
import { systemImageNames } from '../schema/system-images.ts'
import { type Finding, kubernetesVersion as versionPath, warning, when } from './finding.ts'

/** Images that are named one by one win over all that chooses images: over the version, and over a default registry. */
export function imageFindings(
  config: ClusterConfig,
  written: ClusterInput,
  catalog: Catalog,
): readonly Finding[] {
  const named = systemImageNames.filter((name) => written.systemImages?.[name])
  if (named.length === 0) return []
  return [...versionFinding(config, named, written, catalog), ...registryFinding(config, named)]
}

const kubernetesImage = ['systemImages', 'kubernetes'] as const

/** The usual way into this: `rke config` of RKE named all images, and now only the version is changed. */
function versionFinding(
  { kubernetesVersion: version, systemImages: { kubernetes: image } }: ClusterConfig,
  named: readonly SystemImage[],
  written: ClusterInput,
  catalog: Catalog,
): readonly Finding[] {
  if (!written.kubernetesVersion || !named.includes('kubernetes')) return []
  const tag = imageTag(image)
  const expected = tagOf(version, catalog)
  const others = named.length === 1 ? 'that image' : `that image and ${named.length - 1} more`
  return when(minorOf(tag) !== '' && !tag.startsWith(expected), () =>
    warning(
      versionPath,
      `has no effect on the Kubernetes version: system_images names ${image}, not one of ${expected}`,
      {
        hint: `remove ${others} from system_images to use those of ${version}; or name images of ${version} there`,
        others: [kubernetesImage],
      },
    ),
  )
}

/** The tag of the image of Kubernetes that goes with a version: all of it but the last number. */
const tagOf = (version: string, catalog: Catalog): string =>
  catalog.isKnown(version)
    ? imageTag(catalog.systemImages(version).kubernetes ?? '')
    : version.replace(/(-.*)-\d+$/, '$1')

/** A default registry is put before images that are not named. */
function registryFinding(config: ClusterConfig, named: readonly SystemImage[]): readonly Finding[] {
  const index = config.privateRegistries.findIndex(({ isDefault }) => isDefault)
  const url = config.privateRegistries[index]?.url ?? ''
  const used = usedImages(config)
  const isIdle =
    url !== '' &&
    used.every((name) => named.includes(name) && !config.systemImages[name].startsWith(`${url}/`))
  return when(isIdle, () =>
    warning(
      ['privateRegistries', index, 'isDefault'],
      `has no effect: no image comes from ${url}, because system_images names all images that this cluster uses`,
      {
        hint: `remove system_images, or write \`${url}/\` before the images there`,
        others: [kubernetesImage],
      },
    ),
  )
}
