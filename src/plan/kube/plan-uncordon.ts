import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanInput } from '../plan-input.ts'
import { isEmptied } from '../rollout/plan-drains.ts'
import { controlPlaneUp } from './control-plane-health.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

/** Nodes that are cordoned in this run are uncordoned by it anyway. */
export function planUncordon(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  const planned = new Set(onNodes.map(({ id }) => id))
  return input.nodes
    .map(({ node }) => node)
    .filter(({ address }) => (input.kube === undefined ? !input.fresh : input.cordoned.has(address)))
    .filter(({ address }) => !planned.has(ids.uncordon(address)))
    .map(({ address, hostnameOverride }) => ({
      kind: 'node.uncordon',
      id: ids.uncordon(address),
      node: address,
      hostname: hostnameOverride,
      because: [
        input.kube === undefined ? reasonWithoutApi(input.fresh) : 'an interrupted run left it cordoned',
      ],
      after: [ids.ready(address), ids.health(address, 'kubelet'), ...controlPlaneUp(onNodes)],
    }))
}

/** Lets pods that tolerate the taint of a node onto it again, once it has that and is no worker any more. */
export function planOpening(input: PlanInput): readonly Action[] {
  return input.nodes
    .map(({ node }) => node)
    .filter((node) => isEmptied(node, input))
    .map(({ address, hostnameOverride }) => ({
      kind: 'node.uncordon',
      id: ids.emptied(address).uncordon,
      node: address,
      hostname: hostnameOverride,
      because: ['it has lost the worker role'],
      after: [ids.labels(address), ids.emptied(address).drain],
    }))
}
