import type { Condition, KubeNode, KubeObject, Taint } from './kube-object.ts'

/** A Node as the API gives it. */
export interface NodeObject extends KubeObject {
  readonly spec?: { readonly taints?: readonly Taint[] | null; readonly unschedulable?: boolean }
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[]
    readonly conditions?: readonly Condition[]
    readonly nodeInfo?: { readonly kubeletVersion?: string }
  }
}

export function toKubeNode(node: NodeObject): KubeNode {
  const { metadata, spec = {}, status = {} } = node
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    taints: spec.taints ?? [],
    ready: hasCondition(status.conditions, 'Ready'),
    heartbeat: heartbeatOf(status.conditions),
    unschedulable: spec.unschedulable ?? false,
    addresses: status.addresses ?? [],
    kubeletVersion: status.nodeInfo?.kubeletVersion ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
  }
}

/** Whether a condition of that type is `True`. */
export function hasCondition(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
}

function heartbeatOf(conditions: readonly Condition[] | undefined): number | undefined {
  const said = conditions?.find(({ type }) => type === 'Ready')?.lastHeartbeatTime
  return said === undefined ? undefined : Date.parse(said)
}
