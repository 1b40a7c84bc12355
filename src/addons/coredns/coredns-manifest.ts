import type { V1ConfigMap, V1Service } from '@kubernetes/client-node'
import { type AddonConfig, only, rbacEnabled } from '../addon-config.ts'
import type { Manifest, Typed } from '../objects/manifest-object.ts'
import {
  clusterRole,
  clusterRoleBinding,
  rule,
  serviceAccount,
  serviceAccountSubject,
} from '../objects/rbac.ts'
import { autoscalerRbac } from './autoscaler-rbac.ts'
import { corednsAutoscaler } from './coredns-autoscaler.ts'
import { corednsDeployment } from './coredns-deployment.ts'
import type { CorednsVariant } from './coredns-variants.ts'
import { corefile } from './corefile.ts'

const NAMESPACE = 'kube-system'

/** CoreDNS, the Service `kube-dns` at the cluster DNS address, and the autoscaler that sets the replicas. */
export function corednsManifest(config: AddonConfig, variant: CorednsVariant): Manifest {
  const rbac = rbacEnabled(config)
  return [
    ...only(rbac, [serviceAccount(NAMESPACE, 'coredns'), ...serverRbac()]),
    corednsConfigMap(config),
    corednsDeployment(config, variant),
    dnsService(config),
    corednsAutoscaler(config, variant),
    ...only(rbac, [serviceAccount(NAMESPACE, 'coredns-autoscaler'), ...autoscalerRbac('coredns-autoscaler')]),
  ]
}

function serverRbac(): Manifest {
  const name = 'system:coredns'
  const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
  const rules = [
    rule('', ['endpoints', 'services', 'pods', 'namespaces'], ['list', 'watch']),
    rule('discovery.k8s.io', ['endpointslices'], ['list', 'watch']),
  ]
  const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' }
  return [
    clusterRole(name, rules, { labels }),
    clusterRoleBinding(name, name, [serviceAccountSubject(NAMESPACE, 'coredns')], { annotations, labels }),
  ]
}

function corednsConfigMap(config: AddonConfig): Typed<V1ConfigMap> {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'coredns', namespace: NAMESPACE },
    data: { Corefile: corefile(config.dns, config.services.kubelet.clusterDomain) },
  }
}

function dnsService(config: AddonConfig): Typed<V1Service> {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: NAMESPACE,
      annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
      labels: {
        'k8s-app': 'kube-dns',
        'kubernetes.io/cluster-service': 'true',
        'kubernetes.io/name': 'CoreDNS',
      },
    },
    spec: {
      selector: { 'k8s-app': 'kube-dns' },
      clusterIP: config.services.kubelet.clusterDnsServer,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        { name: 'metrics', port: 9153, protocol: 'TCP' },
      ],
    },
  }
}
