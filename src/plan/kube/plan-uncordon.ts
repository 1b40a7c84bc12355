import type { ClusterNode } from '../../config/cluster-config.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { NodeUncordon } from '../action/drain.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { Reason } from '../model/reason.ts'
import type { PlanInput } from '../plan-input.ts'
import { isEmptied } from '../rollout/plan-drains.ts'
import { controlPlaneUp } from './control-plane-health.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

/** Uncordons what an interrupted run left cordoned; nodes that are cordoned in this run are uncordoned by it anyway. */
export function planUncordon(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  const planned = new Set(onNodes.map(({ id }) => id))
  const apiUp = controlPlaneUp(onNodes)
  const because: Reason = input.kube === undefined ? reasonWithoutApi(input.fresh) : { kind: 'left-cordoned' }
  return input.nodes
    .map(({ node }) => node)
    .filter(({ address }) => (input.kube === undefined ? !input.fresh : input.cordoned.has(address)))
    .filter(({ address }) => !planned.has(ids.uncordon(address)))
    .map((node) =>
      uncordon(node, input, {
        id: ids.uncordon(node.address),
        because: [because],
        after: [ids.ready(node.address), ids.health(node.address, 'kubelet'), ...apiUp],
      }),
    )
}

/** Uncordons a node that has lost the worker role, once its taint keeps off all pods but those that tolerate it. */
export function planUncordonOfFormerWorkers(input: PlanInput): readonly Action[] {
  return input.nodes
    .map(({ node }) => node)
    .filter((node) => isEmptied(node, input))
    .map((node) =>
      uncordon(node, input, {
        id: ids.emptied(node.address).uncordon,
        because: [{ kind: 'lost-worker-role' }],
        after: [ids.labels(node.address), ids.emptied(node.address).drain],
      }),
    )
}

function uncordon(
  node: ClusterNode,
  { config }: PlanInput,
  rest: Pick<NodeUncordon, 'id' | 'because' | 'after'>,
): NodeUncordon {
  return { kind: 'node.uncordon', node: node.address, ...nodeNameOf(node, config), ...rest }
}
