import type { Catalog } from '../../catalog/catalog.ts'
import { isAtLeast, parseSemanticVersion } from '../../catalog/version-order.ts'
import type { ClusterConfig, SystemImage } from '../cluster-config.ts'
import { error, type Finding, when } from './finding.ts'

/** The version must be one, and either be known or come with every image that the cluster uses. */
export function versionFindings(config: ClusterConfig, catalog: Catalog): readonly Finding[] {
  const { enableCriDockerd, kubernetesVersion: version, systemImages } = config
  const path = ['kubernetesVersion']
  if (!version.startsWith('v') || parseSemanticVersion(version) === undefined) {
    return [error(path, `must be a version such as ${catalog.defaultVersion}, not "${version}"`)]
  }
  const missing = catalog.isKnown(version)
    ? []
    : requiredImages(config).filter((name) => systemImages[name] === '')
  return [
    ...when(missing.length > 0, () =>
      error(
        path,
        `${version} is not known: use one of ${catalog.currentVersions.join(', ')}, or name these images under system_images: ${missing.join(', ')}`,
      ),
    ),
    ...when(enableCriDockerd === true && !isAtLeast(version, '1.21.0-rancher0'), () =>
      error(['enableCriDockerd'], 'needs Kubernetes v1.21 or newer'),
    ),
    ...when(enableCriDockerd === false && isAtLeast(version, '1.24.0-rancher0'), () => ({
      severity: 'warning',
      path: ['enableCriDockerd'],
      message: 'is false, but from Kubernetes v1.24 on the kubelet cannot use Docker without it',
    })),
  ]
}

const always: readonly SystemImage[] = [
  'etcd',
  'kubernetes',
  'podInfraContainer',
  'alpine',
  'nginxProxy',
  'certDownloader',
  'kubernetesServicesSidecar',
]

const byPlugin: Readonly<Record<string, readonly SystemImage[]>> = {
  flannel: ['flannel', 'flannelCni'],
  canal: ['canalNode', 'canalCni', 'canalFlannel'],
  calico: ['calicoCni', 'calicoCtl', 'calicoNode', 'calicoControllers'],
  weave: ['weaveCni', 'weaveNode'],
  aci: [
    'aciCniDeployContainer',
    'aciHostContainer',
    'aciOpflexContainer',
    'aciMcastContainer',
    'aciOvsContainer',
    'aciControllerContainer',
  ],
}

const byDns: Readonly<Record<string, readonly SystemImage[]>> = {
  coredns: ['coredns', 'corednsAutoscaler'],
  'kube-dns': ['kubedns', 'dnsmasq', 'kubednsSidecar', 'kubednsAutoscaler'],
}

/** The images without which a cluster with these add-ons cannot run. */
function requiredImages({ dns, ingress, monitoring, network }: ClusterConfig): readonly SystemImage[] {
  return [
    ...always,
    ...(byPlugin[network.plugin] ?? []),
    ...(byDns[dns.provider] ?? []),
    ...(dns.nodelocal === undefined ? [] : (['nodelocal'] as const)),
    ...(monitoring.provider === 'none' ? [] : (['metricsServer'] as const)),
    ...(ingress.provider === 'none' ? [] : (['ingress', 'ingressBackend', 'ingressWebhook'] as const)),
  ]
}
