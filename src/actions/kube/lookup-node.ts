import type { KubeApi } from '../../kube/client/kube-api.ts'
import { findNode, nodeQuery } from '../../kube/objects/find-node.ts'
import type { KubeNode } from '../../kube/objects/kube-object.ts'
import type { NodeName } from '../../kube/objects/node-name.ts'
import { type NodeObject, toKubeNode } from '../../kube/objects/to-kube-node.ts'

/** The Node of a machine, if it is registered. */
export async function lookUpNode(
  api: KubeApi,
  node: NodeName,
  signal: AbortSignal,
): Promise<KubeNode | undefined> {
  const found = await api.list<NodeObject>(nodeQuery(node), signal)
  return findNode(found.map(toKubeNode), node)
}
