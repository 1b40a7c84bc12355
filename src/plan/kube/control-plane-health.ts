import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'

/** Ids of everything that makes an API server answer, of those that this plan holds. */
export function controlPlaneUp(onNodes: readonly Action[]): readonly string[] {
  return healthOf(onNodes, ['kube-apiserver'])
}

export function controlPlaneDone(onNodes: readonly Action[]): readonly string[] {
  return healthOf(onNodes, ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'])
}

/** Waits for components whose containers were changed; those in the stages of another change are its own. */
function healthOf(onNodes: readonly Action[], names: readonly string[]): readonly string[] {
  return onNodes.flatMap((action) =>
    action.kind === 'service.health' &&
    names.includes(action.name) &&
    action.id === ids.health(action.node, action.name)
      ? [action.id]
      : [],
  )
}
