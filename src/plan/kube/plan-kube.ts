import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { planCommit, planStateCopy } from '../state/plan-state.ts'
import { planAddons } from './plan-addons.ts'
import { planAnswers } from './plan-answers.ts'
import { planAuthorization } from './plan-authorization.ts'
import { planReadiness } from './plan-readiness.ts'
import { planRegistrations } from './plan-registrations.ts'
import { planUncordon, planUncordonOfFormerWorkers } from './plan-uncordon.ts'

/**
 * What is done through the Kubernetes API and to the state, after `onNodes`. Where the API could not be
 * asked (it is not up yet) everything is planned; each action then compares before it writes.
 */
export function planKube(basis: PlanBasis, onNodes: readonly Action[]): readonly Action[] {
  if (!basis.nodes.some(({ node }) => hasRole(node, 'controlplane'))) return []
  const answers = planAnswers(basis, onNodes)
  const before = [...onNodes, ...answers]
  const commit = planCommit(basis, before)
  return [
    ...answers,
    ...planAuthorization(basis, before),
    ...commit,
    ...planStateCopy(basis, commit.length > 0),
    ...planRegistrations(basis, before),
    ...planAddons(basis, before),
    ...planReadiness(basis, before),
    ...planUncordon(basis, before),
    ...planUncordonOfFormerWorkers(basis),
  ]
}
