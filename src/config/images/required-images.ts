import type { ClusterConfig, SystemImage } from '../cluster-config.ts'
import { own } from '../own.ts'

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

/** The images that RKE wants to be named for a version that it does not know, for a cluster with these addons. */
export function requiredImages({ dns, ingress, monitoring, network }: ClusterConfig): readonly SystemImage[] {
  return [
    ...always,
    ...(own(byPlugin, network.plugin) ?? []),
    ...(own(byDns, dns.provider) ?? []),
    ...(dns.nodelocal === undefined ? [] : (['nodelocal'] as const)),
    ...(monitoring.provider === 'none' ? [] : (['metricsServer'] as const)),
    ...(ingress.provider === 'none' ? [] : (['ingress', 'ingressBackend', 'ingressWebhook'] as const)),
  ]
}
