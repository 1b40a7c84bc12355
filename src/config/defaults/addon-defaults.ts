import { has } from '../../catalog/version-features.ts'
import type { ClusterInput } from '../cluster-config.ts'
import { daemonSetStrategy, deploymentStrategy, dnsStrategy } from './update-strategy-defaults.ts'

type IngressInput = NonNullable<ClusterInput['ingress']>
type MonitoringInput = NonNullable<ClusterInput['monitoring']>
type DnsInput = NonNullable<ClusterInput['dns']>

/** Filled in even where the provider is `none`. */
export function defaultIngress(given: IngressInput, version: string): IngressInput {
  const recent = has(version, 'ingressHostPort')
  return {
    ...given,
    provider: given.provider || 'nginx',
    updateStrategy: daemonSetStrategy(given.updateStrategy),
    httpPort: given.httpPort || 80,
    httpsPort: given.httpsPort || 443,
    networkMode: given.networkMode || (recent ? 'hostPort' : 'hostNetwork'),
    defaultBackend: given.defaultBackend ?? !recent,
    defaultIngressClass: given.defaultIngressClass ?? true,
  }
}

export function defaultMonitoring(given: MonitoringInput): MonitoringInput {
  return {
    ...given,
    provider: given.provider || 'metrics-server',
    updateStrategy: deploymentStrategy(given.updateStrategy),
    replicas: given.replicas ?? 1,
  }
}

/** A given autoscaler block stays as it is, even when it is empty. */
export function defaultDns(given: DnsInput, version: string): DnsInput {
  const provider = given.provider || (has(version, 'coredns') ? 'coredns' : 'kube-dns')
  return {
    ...given,
    provider,
    updateStrategy: dnsStrategy(provider, given.updateStrategy),
    linearAutoscalerParams: given.linearAutoscalerParams ?? {
      coresPerReplica: 128,
      nodesPerReplica: 4,
      min: 1,
      preventSinglePointFailure: true,
    },
  }
}
