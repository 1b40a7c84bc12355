import type { KubeApi } from '../../kube/client/kube-api.ts'
import { findNode, nodeQuery } from '../../kube/objects/find-node.ts'
import type { KubeNode } from '../../kube/objects/kube-object.ts'
import { type NodeObject, toKubeNode } from '../../kube/objects/to-kube-node.ts'

/** The Node of a machine, if it is registered. */
export async function lookUpNode(
  api: KubeApi,
  hostname: string,
  signal: AbortSignal,
): Promise<KubeNode | undefined> {
  const found = await api.list<NodeObject>(nodeQuery(hostname), signal)
  return findNode(found.map(toKubeNode), hostname)
}
