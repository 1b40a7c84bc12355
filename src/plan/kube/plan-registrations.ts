import type { ClusterNode } from '../../config/cluster-config.ts'
import { planeOf, SERVICE_CONTAINERS } from '../../container-names.ts'
import type { NodeWish } from '../../kube/objects/desired-node-patch.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { Reason } from '../model/reason.ts'
import type { PlanInput } from '../plan-input.ts'
import { successors } from '../rollout/plan-drains.ts'
import { controlPlaneUp } from './control-plane-health.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

/** RKE 1.6.3 sets the taints of a node's roles when it deploys one of these. */
const WORKER_COMPONENTS = SERVICE_CONTAINERS.filter((name) => planeOf(name) === 'worker')

export function planRegistrations(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  const apiUp = controlPlaneUp(onNodes)
  const planned = new Set(onNodes.map(({ id }) => id))
  return input.nodes.flatMap(({ node }): readonly Action[] => {
    const deployed = WORKER_COMPONENTS.some((name) => planned.has(ids.container(node.address, name)))
    const reasons = reasonsToRegister(input, node.address, deployed)
    if (reasons.length === 0) return []
    const previous = input.applied?.nodes.find(({ address }) => address === node.address)
    return [
      {
        kind: 'node.register',
        id: ids.labels(node.address),
        node: node.address,
        ...nodeNameOf(node, input.config),
        wish: wishOf(node),
        ...(previous && { previous: { labels: previous.labels, taints: previous.taints } }),
        deployed,
        because: reasons,
        after: [
          ids.authorization,
          ids.health(node.address, 'kubelet'),
          ...apiUp,
          ...(input.losing.has(node.address) ? [...successors(input), ids.emptied(node.address).drain] : []),
        ],
      },
    ]
  })
}

function reasonsToRegister(
  { fresh, kube, nodeChanges }: PlanInput,
  address: string,
  deployed: boolean,
): readonly Reason[] {
  if (kube === undefined) return [fresh ? { kind: 'new-node' } : reasonWithoutApi(fresh)]
  const changes = nodeChanges.get(address)
  const because = (deployed ? changes?.deployed : changes?.asItIs) ?? []
  return because.length === 0 && deployed && fresh ? [{ kind: 'new-node' }] : because
}

function wishOf({ address, internalAddress, role, labels, taints }: ClusterNode): NodeWish {
  return { address, internalAddress, role, labels, taints }
}
