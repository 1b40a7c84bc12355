import { has } from '../../catalog/version-features.ts'
import type { ClusterConfig, SystemImage } from '../cluster-config.ts'
import { networkPlugin } from '../network-plugins/network-plugins.ts'
import { dnsProviderImages } from './dns-images.ts'

const always: readonly SystemImage[] = [
  'etcd',
  'kubernetes',
  'podInfraContainer',
  'alpine',
  'nginxProxy',
  'certDownloader',
  'kubernetesServicesSidecar',
]

/** The images that RKE wants to be named for a version that it does not know, for a cluster with these addons. */
export function requiredImages({
  dns,
  ingress,
  kubernetesVersion,
  monitoring,
  network,
}: ClusterConfig): readonly SystemImage[] {
  return [
    ...always,
    ...(networkPlugin(network.plugin)?.requiredImages ?? []),
    ...(dnsProviderImages(dns.provider) ?? []),
    ...(dns.nodelocal === undefined ? [] : (['nodelocal'] as const)),
    ...(monitoring.provider === 'none' ? [] : (['metricsServer'] as const)),
    ...(ingress.provider === 'none' ? [] : ingressImages(kubernetesVersion)),
  ]
}

const ingressImages = (version: string): readonly SystemImage[] => [
  'ingress',
  'ingressBackend',
  ...(has(version, 'ingressHostPort') ? (['ingressWebhook'] as const) : []),
]
