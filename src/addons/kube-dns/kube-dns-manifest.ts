import type { V1ConfigMap, V1Service } from '@kubernetes/client-node'
import { type AddonConfig, only, rbacEnabled } from '../addon-config.ts'
import { autoscalerRbac } from '../coredns/autoscaler-rbac.ts'
import type { Manifest, Typed } from '../objects/manifest-object.ts'
import { sortedMap } from '../objects/pod.ts'
import { serviceAccount } from '../objects/rbac.ts'
import { kubeDnsAutoscaler } from './kube-dns-autoscaler.ts'
import { kubeDnsDeployment } from './kube-dns-deployment.ts'
import { addonLabels } from './kube-dns-labels.ts'

const NAMESPACE = 'kube-system'
const AUTOSCALER = 'kube-dns-autoscaler'

/** kube-dns, the DNS provider before CoreDNS, for clusters that still have it. */
export function kubeDnsManifest(config: AddonConfig): Manifest {
  return [
    kubeDnsAutoscaler(config),
    serviceAccount(NAMESPACE, AUTOSCALER, { labels: addonLabels }),
    ...only(rbacEnabled(config), autoscalerRbac(AUTOSCALER)),
    serviceAccount(NAMESPACE, 'kube-dns', { labels: addonLabels }),
    kubeDnsDeployment(config),
    service(config),
    configMap(config),
  ]
}

function service(config: AddonConfig): Typed<V1Service> {
  const labels = { 'k8s-app': 'kube-dns', ...addonLabels, 'kubernetes.io/name': 'KubeDNS' }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: NAMESPACE, labels },
    spec: {
      selector: { 'k8s-app': 'kube-dns' },
      clusterIP: config.services.kubelet.clusterDnsServer,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      ],
    },
  }
}

function configMap({ dns }: AddonConfig): Typed<V1ConfigMap> {
  const stubs = sortedMap(dns.stubdomains)
  const data = {
    ...(dns.upstreamnameservers.length === 0
      ? {}
      : { upstreamNameservers: JSON.stringify(dns.upstreamnameservers) }),
    ...(stubs === undefined ? {} : { stubDomains: JSON.stringify(stubs) }),
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-dns', namespace: NAMESPACE },
    ...(Object.keys(data).length === 0 ? {} : { data }),
  }
}
