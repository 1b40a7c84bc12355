import type { KubeObject, Taint } from '../../../src/kube/objects/kube-object.ts'

/** The taints that a Node has for roles, each after its name. */
export function roleTaints(node: KubeObject): readonly string[] {
  const { taints = [] } = (node as KubeObject & { spec?: { taints?: readonly Taint[] } }).spec ?? {}
  return taints
    .map(({ key, value, effect }) => `${node.metadata.name} ${key}=${value}:${effect}`)
    .filter((text) => text.includes(' node-role.kubernetes.io/'))
}

/** Those that RKE 1.6.3 gives a node with these roles. */
export function taintsOf(role: readonly string[]): readonly string[] {
  if (role.includes('worker')) return []
  return [
    ...(role.includes('controlplane') ? ['node-role.kubernetes.io/controlplane=true:NoSchedule'] : []),
    ...(role.includes('etcd') ? ['node-role.kubernetes.io/etcd=true:NoExecute'] : []),
  ]
}
