import { findNode, nodeQuery } from '../kube/find-node.ts'
import type { KubeApi } from '../kube/kube-api.ts'
import type { KubeNode } from '../kube/kube-object.ts'
import { type NodeObject, toKubeNode } from '../kube/to-kube-node.ts'

/** The Node of a machine, if it is registered. */
export async function lookUpNode(
  api: KubeApi,
  hostname: string,
  signal: AbortSignal,
): Promise<KubeNode | undefined> {
  const found = await api.list<NodeObject>(nodeQuery(hostname), signal)
  return findNode(found.map(toKubeNode), hostname)
}
