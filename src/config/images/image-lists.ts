import type { Catalog } from '../../catalog/catalog.ts'
import { CatalogError } from '../../errors.ts'
import { hasRole } from '../../role.ts'
import type { ClusterConfig, SystemImage } from '../cluster-config.ts'
import { networkPlugin } from '../network-plugins/network-plugins.ts'
import { hasRecurringSnapshots } from '../recurring-snapshots.ts'
import { systemImageNames } from '../schema/system-images.ts'
import { dnsProviderImages } from './dns-images.ts'

/** The images of one Kubernetes version. */
export interface VersionImages {
  readonly version: string
  /** Each once, in the order of `system_images`. */
  readonly images: readonly string[]
}

/**
 * What `rke config --system-images` prints: the images of one version, or of all versions on offer. Those of Windows
 * nodes are left out.
 * @throws CatalogError if the version is not known.
 */
export function listSystemImages(
  catalog: Catalog,
  { all = false, version = '' }: { readonly all?: boolean; readonly version?: string } = {},
): readonly VersionImages[] {
  if (!all && version !== '' && !catalog.isKnown(version)) {
    throw new CatalogError(
      `Kubernetes version ${version} is not known; the versions on offer are [${catalog.currentVersions.join(' ')}]`,
      { hint: 'all versions on offer are printed by `rke config --list-version --all`' },
    )
  }
  const versions = all ? catalog.currentVersions : [version || catalog.defaultVersion]
  return versions.map((each) => {
    const images = catalog.systemImages(each)
    const names = systemImageNames.filter((name) => name !== 'windowsPodInfraContainer')
    return { version: each, images: distinct(names.map((name) => images[name] ?? '')) }
  })
}

/**
 * The images that this very cluster pulls, each once: what a registry without a way to the internet must hold.
 * Images of add-ons of the user are not among them.
 */
export function imagesFor(config: ClusterConfig, catalog: Catalog): readonly string[] {
  const { nodes, services, systemImages } = config
  const hasEtcd = nodes.some((node) => hasRole(node, 'etcd'))
  return distinct([
    ...usedImages(config).map((name) => systemImages[name]),
    services.kubelet.infraContainerImage,
    ...(hasEtcd && hasRecurringSnapshots(config) ? [catalog.backupImage(systemImages.alpine)] : []),
  ])
}

/** The entries of `system_images` that this very cluster uses, in their order. */
export function usedImages(config: ClusterConfig): readonly SystemImage[] {
  const used = new Set<SystemImage>([...nodeImages(config), ...addonImages(config)])
  return systemImageNames.filter((name) => used.has(name))
}

function nodeImages({ nodes }: ClusterConfig): readonly SystemImage[] {
  return [
    ...(['alpine', 'kubernetesServicesSidecar', 'kubernetes'] as const),
    ...(nodes.some((node) => hasRole(node, 'etcd')) ? ['etcd' as const] : []),
    ...(nodes.some((node) => !hasRole(node, 'controlplane')) ? ['nginxProxy' as const] : []),
  ]
}

function addonImages(config: ClusterConfig): readonly SystemImage[] {
  const { dns, ingress, kubernetesVersion, monitoring, network } = config
  const dnsImages = dnsProviderImages(dns.provider)
  return [
    ...(networkPlugin(network.plugin)?.images(kubernetesVersion) ?? []),
    ...(dnsImages ?? []),
    ...(dnsImages !== undefined && dns.nodelocal?.ipAddress ? ['nodelocal' as const] : []),
    ...(monitoring.provider === 'none' ? [] : ['metricsServer' as const]),
    ...(ingress.provider === 'none' ? [] : ['ingress' as const, 'ingressWebhook' as const]),
    ...(ingress.provider !== 'none' && ingress.defaultBackend ? ['ingressBackend' as const] : []),
  ]
}

/** Each once, without empty ones: a default registry stands alone for an image that the version does not have. */
const distinct = (images: readonly string[]): readonly string[] => [
  ...new Set(images.filter((image) => image !== '' && !image.endsWith('/'))),
]
