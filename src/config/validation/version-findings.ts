import type { Catalog } from '../../catalog/catalog.ts'
import { imageTag } from '../../catalog/image-tag.ts'
import { has } from '../../catalog/version-features.ts'
import { minorOf, parseSemanticVersion } from '../../catalog/version-order.ts'
import type { ClusterConfig, SystemImage } from '../cluster-config.ts'
import { requiredImages } from '../images/required-images.ts'
import { clusterConfigSchema } from '../schema/cluster.ts'
import { yamlPath } from '../schema/reading/yaml-keys.ts'
import { nearestKey } from '../yaml/decode/nearest-key.ts'
import { buildError, error, type Finding, warning, when } from './finding.ts'

const path = ['kubernetesVersion']

/** The version must be one, and either be known or come with every image that the cluster uses. */
export function versionFindings(config: ClusterConfig, catalog: Catalog): readonly Finding[] {
  const { enableCriDockerd, kubernetesVersion: version } = config
  if (!version.startsWith('v') || parseSemanticVersion(version) === undefined) {
    const near = nearestKey(version, catalog.knownVersions) ?? catalog.defaultVersion
    return [error(path, `must be a version such as ${near}, not "${version}"`)]
  }
  const from = [path]
  return [
    ...unknownVersion(config, catalog),
    ...when(enableCriDockerd === true && !has(version, 'criDockerd'), () =>
      error(['enableCriDockerd'], 'needs Kubernetes v1.21 or newer', { from }),
    ),
    ...when(enableCriDockerd === false && has(version, 'criDockerdByDefault'), () =>
      warning(
        ['enableCriDockerd'],
        'is false, but the kubelet needs it to use Docker from Kubernetes v1.24 on',
        { hint: 'write true, or remove it', from },
      ),
    ),
    ...untagged(config),
  ]
}

/** A version that cannot be built at all, or only with images that are not named. */
function unknownVersion(config: ClusterConfig, catalog: Catalog): readonly Finding[] {
  const { kubernetesVersion: version, systemImages } = config
  const tag = imageTag(systemImages.kubernetes)
  const known = versionHint(version, catalog)
  if (!catalog.hasServiceOptions(version, tag)) {
    const isOwnImage = !catalog.isKnown(version) || minorOf(tag) !== minorOf(version)
    const isByImage = minorOf(tag) !== '' && isOwnImage
    const image = ['systemImages', 'kubernetes']
    const text = `the flags of Kubernetes ${minorOf(tag) || version} are not known, so it cannot be built`
    return [
      buildError(isByImage ? image : path, text, {
        hint: isByImage ? `${known} under kubernetes_version, and leave this image out` : known,
        from: [path, image],
      }),
    ]
  }
  if (catalog.isKnown(version)) return []
  const missing = requiredImages(config)
    .filter((name) => systemImages[name] === '')
    .map((name) => ['systemImages', name])
  const keys = missing.map((image) => yamlPath(clusterConfigSchema, image).at(-1))
  return when(missing.length > 0, () =>
    error(path, `${version} is not known`, {
      hint: `${known}, or name these images under system_images: ${keys.join(', ')}`,
      from: missing,
    }),
  )
}

/**
 * The build that was most likely meant, or those on offer: of the minor version, if there are any, because a cluster goes
 * up one at a time. None of them is refused itself.
 */
function versionHint(version: string, catalog: Catalog): string {
  const canBuild = (known: string): boolean => catalog.hasServiceOptions(known)
  const build = catalog.knownVersions.filter(canBuild).findLast((known) => isBuildOf(known, version))
  const near =
    build ?? catalog.knownVersions.filter(canBuild).findLast((known) => minorOf(known) === minorOf(version))
  return `use ${near ?? `one of ${catalog.currentVersions.filter(canBuild).join(', ')}`}`
}

/** `v1.28.14` and `v1.28.14-rancher1` are short for `v1.28.14-rancher1-1`. */
const isBuildOf = (known: string, version: string): boolean =>
  known.startsWith(version.includes('-') ? `${version}-` : `${version}-rancher`)

/** Images whose tag decides how they are used. */
const tagMatters: readonly SystemImage[] = ['etcd', 'kubernetes', 'alpine', 'ingress', 'metricsServer']

function untagged({ systemImages }: ClusterConfig): readonly Finding[] {
  return tagMatters.flatMap((name) => {
    const image = systemImages[name]
    return when(image !== '' && !/:[^/]+$/.test(image), () =>
      warning(
        ['systemImages', name],
        `${image} has no tag, but its version decides its flags`,
        'write it as `name:tag`',
      ),
    )
  })
}
