import type { ClusterNode } from '../../config/cluster-config.ts'
import { planeOf, SERVICE_CONTAINERS } from '../../container-names.ts'
import type { NodeWish } from '../../kube/objects/desired-node-patch.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { Action } from '../action.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import { successors } from '../rollout/plan-drains.ts'
import { controlPlaneUp } from './control-plane-health.ts'
import { losesWorkerRole, nodeAsApplied, nodeChanges } from './node-objects.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

/** RKE 1.6.3 sets the taints of a node's roles when it deploys one of these. */
const WORKER_COMPONENTS = SERVICE_CONTAINERS.filter((name) => planeOf(name) === 'worker')

export function planRegistrations(basis: PlanBasis, onNodes: readonly Action[]): readonly Action[] {
  const apiUp = controlPlaneUp(onNodes)
  const planned = new Set(onNodes.map(({ id }) => id))
  return basis.nodes.flatMap(({ node }): readonly Action[] => {
    const deployed = WORKER_COMPONENTS.some((name) => planned.has(ids.container(node.address, name)))
    const reasons = reasonsToRegister(basis, node, deployed)
    if (reasons.length === 0) return []
    const previous = nodeAsApplied(basis, node)
    return [
      {
        kind: 'node.register',
        id: ids.labels(node.address),
        node: node.address,
        ...nodeNameOf(node, basis.wanted.config),
        wish: wishOf(node),
        ...(previous && { previous: { labels: previous.labels, taints: previous.taints } }),
        deployed,
        because: reasons,
        after: [
          ids.authorization,
          ids.health(node.address, 'kubelet'),
          ...apiUp,
          ...(losesWorkerRole(basis, node) ? [...successors(basis), ids.emptied(node.address).drain] : []),
        ],
      },
    ]
  })
}

function reasonsToRegister(basis: PlanBasis, node: ClusterNode, deployed: boolean): readonly Reason[] {
  const isNew = isNewCluster(basis)
  if (basis.seen.kube === undefined) return [isNew ? { kind: 'new-node' } : reasonWithoutApi(isNew)]
  const because = nodeChanges(basis, node, deployed)
  return because.length === 0 && deployed && isNew ? [{ kind: 'new-node' }] : because
}

function wishOf({ address, internalAddress, role, labels, taints }: ClusterNode): NodeWish {
  return { address, internalAddress, role, labels, taints }
}
