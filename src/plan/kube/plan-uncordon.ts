import type { ClusterNode } from '../../config/cluster-config.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { NodeUncordon } from '../action/drain.ts'
import type { Action } from '../action.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import { isEmptied } from '../rollout/plan-drains.ts'
import { controlPlaneUp } from './control-plane-health.ts'
import { isLeftCordoned } from './node-objects.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

/** Uncordons what an interrupted run left cordoned; nodes that are cordoned in this run are uncordoned by it anyway. */
export function planUncordon(basis: PlanBasis, onNodes: readonly Action[]): readonly Action[] {
  const planned = new Set(onNodes.map(({ id }) => id))
  const apiUp = controlPlaneUp(onNodes)
  const because: Reason =
    basis.seen.kube === undefined ? reasonWithoutApi(isNewCluster(basis)) : { kind: 'left-cordoned' }
  return basis.nodes
    .map(({ node }) => node)
    .filter((node) => (basis.seen.kube === undefined ? !isNewCluster(basis) : isLeftCordoned(basis, node)))
    .filter(({ address }) => !planned.has(ids.uncordon(address)))
    .map((node) =>
      uncordon(node, basis, {
        id: ids.uncordon(node.address),
        because: [because],
        after: [ids.ready(node.address), ids.health(node.address, 'kubelet'), ...apiUp],
      }),
    )
}

/** Uncordons a node that has lost the worker role, once its taint keeps off all pods but those that tolerate it. */
export function planUncordonOfFormerWorkers(basis: PlanBasis): readonly Action[] {
  return basis.nodes
    .map(({ node }) => node)
    .filter((node) => isEmptied(node, basis))
    .map((node) =>
      uncordon(node, basis, {
        id: ids.emptied(node.address).uncordon,
        because: [{ kind: 'lost-worker-role' }],
        after: [ids.labels(node.address), ids.emptied(node.address).drain],
      }),
    )
}

function uncordon(
  node: ClusterNode,
  { wanted: { config } }: PlanBasis,
  rest: Pick<NodeUncordon, 'id' | 'because' | 'after'>,
): NodeUncordon {
  return { kind: 'node.uncordon', node: node.address, ...nodeNameOf(node, config), ...rest }
}
