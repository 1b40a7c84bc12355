import { deletePodsOf } from '../../kube/drain/pods-of-deleted-node.ts'
import { findNode } from '../../kube/objects/find-node.ts'
import type { KubeNode } from '../../kube/objects/kube-object.ts'
import type { ActionHandler } from '../action-handler.ts'

/** RKE and this program note a machine's address at its Node. */
const OURS = 'rke.cattle.io/internal-ip'

export const nodesPrune: ActionHandler<'nodes.prune'> = {
  describe: () => 'delete Nodes that no machine of cluster.yml has',
  async run({ keep }, { kube, signal, progress }) {
    const api = await kube()
    const nodes = await api.listNodes(signal)
    const kept = new Set(keep.map((name) => findNode(nodes, name)?.name))
    const isOld = (node: KubeNode): boolean => !node.ready || OURS in node.annotations
    await Promise.all(
      nodes
        .filter((node) => !kept.has(node.name) && isOld(node))
        .map(async ({ name }) => {
          progress(`deleting node ${name}`)
          await api.deleteNode(name, signal)
          await deletePodsOf(api, name, signal)
        }),
    )
  },
}
