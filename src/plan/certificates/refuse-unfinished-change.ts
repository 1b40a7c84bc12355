import { PlanRefusedError } from '../../errors.ts'
import type { Action } from '../action.ts'

const SHOWN = 3

/**
 * Refuses to change certificates where the cluster is not as it was applied last: the plan would undo what another run has begun, and
 * create again what that has removed.
 */
export function refuseUnfinishedChange(actions: readonly Action[]): void {
  const found = actions.flatMap(differenceOf)
  if (found.length === 0) return
  const [shown, others] = [found.slice(0, SHOWN), found.length - SHOWN]
  const more = others > 0 ? ` and ${others} more` : ''
  throw new PlanRefusedError(`the cluster is not as it was applied last: ${shown.join(', ')}${more}`, {
    step: 'plan',
    untouched: true,
    hint: 'finish that with "rke up" (take rotate_certificates out of cluster.yml if it is there), then run the same command again',
  })
}

/** What differs that no change of certificates explains, with its node. */
function differenceOf(action: Action): readonly string[] {
  switch (action.kind) {
    case 'container.create':
      return [`container ${action.container.name} is missing on ${action.node}`]
    case 'container.replace':
      return [`container ${action.container.name} differs on ${action.node}`]
    case 'etcd.member.add':
      return [`${action.node} is no member of etcd`]
    default:
      return []
  }
}
