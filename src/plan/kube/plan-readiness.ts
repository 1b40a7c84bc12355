import type { ClusterConfig } from '../../config/cluster-config.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { controlPlaneUp } from './control-plane-health.ts'
import { isArriving, losesWorkerRole } from './node-objects.ts'

/** Whether this run makes nodes Ready. With network plugin `none` the user installs one later. */
export function becomeReady({ network }: Pick<ClusterConfig, 'network'>): boolean {
  return network.plugin !== 'none'
}

/** Without it no node becomes Ready. */
const NETWORK = 'rke-network-plugin'

/**
 * Waits for the Ready condition of nodes whose kubelet was started in this run, or, where pods of others are to come
 * to them, in one before that did not come to its end; not if the network plugin failed, as they could not become Ready.
 */
export function planReadiness(basis: PlanBasis, onNodes: readonly Action[]): readonly Action[] {
  if (!becomeReady(basis.wanted.config)) return []
  const apiUp = controlPlaneUp(onNodes)
  const planned = new Set(onNodes.map(({ id }) => id))
  const losing = basis.wanted.config.nodes.some((node) => losesWorkerRole(basis, node))
  const arePodsMoved = losing || basis.leaving.length > 0
  return basis.nodes.flatMap(({ node }): readonly Action[] => {
    const isStarted = planned.has(ids.container(node.address, 'kubelet'))
    const isAwaited = arePodsMoved && isArriving(basis, node)
    if ((!isStarted && !isAwaited) || planned.has(ids.ready(node.address))) return []
    return [
      {
        kind: 'node.ready',
        id: ids.ready(node.address),
        node: node.address,
        ...nodeNameOf(node, basis.wanted.config),
        because: [{ kind: isStarted ? 'kubelet-started' : 'takes-pods-of-others' }],
        after: [
          ids.labels(node.address),
          ids.health(node.address, 'kubelet'),
          ...apiUp,
          ids.authorization,
          ids.addon(NETWORK),
        ],
        interruptible: true,
      },
    ]
  })
}
