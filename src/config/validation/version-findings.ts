import type { Catalog } from '../../catalog/catalog.ts'
import { isAtLeast, parseSemanticVersion } from '../../catalog/version-order.ts'
import type { ClusterConfig, SystemImage } from '../cluster-config.ts'
import { requiredImages } from '../images/required-images.ts'
import { nearestKey } from '../yaml/nearest-key.ts'
import { error, type Finding, warning, when } from './finding.ts'

const path = ['kubernetesVersion']

/** The version must be one, and either be known or come with every image that the cluster uses. */
export function versionFindings(config: ClusterConfig, catalog: Catalog): readonly Finding[] {
  const { enableCriDockerd, kubernetesVersion: version } = config
  if (!version.startsWith('v') || parseSemanticVersion(version) === undefined) {
    const near = nearestKey(version, catalog.knownVersions) ?? catalog.defaultVersion
    return [error(path, `must be a version such as ${near}, not "${version}"`)]
  }
  const from = [path]
  const newer = catalog.newerRkeWanted(version)
  return [
    ...unknownVersion(config, catalog),
    ...when(newer !== undefined, () =>
      warning(path, `${version} is meant for RKE ${newer} and newer; it may not be complete`),
    ),
    ...when(enableCriDockerd === true && !isAtLeast(version, '1.21.0-rancher0'), () =>
      error(['enableCriDockerd'], 'needs Kubernetes v1.21 or newer', { from }),
    ),
    ...when(enableCriDockerd === false && isAtLeast(version, '1.24.0-rancher0'), () =>
      warning(
        ['enableCriDockerd'],
        'is false, but from Kubernetes v1.24 on the kubelet cannot use Docker without it',
        { hint: 'write true, or leave it out', from },
      ),
    ),
    ...untagged(config),
  ]
}

function unknownVersion(config: ClusterConfig, catalog: Catalog): readonly Finding[] {
  const { kubernetesVersion: version, systemImages } = config
  if (catalog.isKnown(version)) return []
  const missing = requiredImages(config).filter((name) => systemImages[name] === '')
  const build = catalog.knownVersions.findLast((known) => known.startsWith(`${version}-rancher`))
  const near = build === undefined ? '' : `did you mean \`${build}\`? `
  return when(missing.length > 0, () =>
    error(path, `${version} is not known`, {
      hint: `${near}use one of ${catalog.currentVersions.join(', ')}, or name these images under system_images: ${missing.join(', ')}`,
      from: missing.map((name) => ['systemImages', name]),
    }),
  )
}

/** Images whose tag decides how they are used. */
const tagMatters: readonly SystemImage[] = ['etcd', 'kubernetes', 'alpine', 'ingress', 'metricsServer']

function untagged({ systemImages }: ClusterConfig): readonly Finding[] {
  return tagMatters.flatMap((name) => {
    const image = systemImages[name]
    return when(image !== '' && !/:[^/]+$/.test(image), () =>
      warning(
        ['systemImages', name],
        `${image} has no tag, and its version decides how it is used`,
        'write it as `name:tag`',
      ),
    )
  })
}
