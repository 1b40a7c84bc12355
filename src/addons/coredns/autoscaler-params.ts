import type { DnsConfig } from '../../config/cluster-config.ts'

type LinearParams = NonNullable<DnsConfig['linearAutoscalerParams']>

const DEFAULTS: LinearParams = {
  coresPerReplica: 128,
  nodesPerReplica: 4,
  min: 1,
  max: 0,
  preventSinglePointFailure: true,
}

/**
 * The autoscaler's parameters as compact JSON, in the order RKE 1 writes them and without what is 0 or
 * false, because the text is part of a pod template. The autoscaler reads them only when its ConfigMap
 * `kube-system/coredns-autoscaler` does not exist yet.
 */
export function autoscalerParams(params: LinearParams | undefined): string {
  const { coresPerReplica, nodesPerReplica, min, max, preventSinglePointFailure } = params ?? DEFAULTS
  const ordered = { coresPerReplica, nodesPerReplica, min, max, preventSinglePointFailure }
  const linear = Object.fromEntries(
    Object.entries(ordered).filter(([, value]) => value !== 0 && value !== false),
  )
  return JSON.stringify({ linear })
}
