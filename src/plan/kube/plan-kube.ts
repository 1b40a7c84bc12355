import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import type { PlanInput } from '../plan-input.ts'
import { planAddons } from './plan-addons.ts'
import { planAnswers } from './plan-answers.ts'
import { planAuthorization } from './plan-authorization.ts'
import { planReadiness } from './plan-readiness.ts'
import { planRegistrations } from './plan-registrations.ts'
import { planCommit, planStateCopy } from './plan-state.ts'
import { planUncordon, planUncordonOfFormerWorkers } from './plan-uncordon.ts'

/**
 * What is done through the Kubernetes API and to the state, after `onNodes`. Where the API could not be
 * asked (it is not up yet) everything is planned; each action then compares before it writes.
 */
export function planKube(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  if (!input.nodes.some(({ node }) => hasRole(node, 'controlplane'))) return []
  const answers = planAnswers(input, onNodes)
  const before = [...onNodes, ...answers]
  const commit = planCommit(input, before)
  return [
    ...answers,
    ...planAuthorization(input, before),
    ...commit,
    ...planStateCopy(input, commit.length > 0),
    ...planRegistrations(input, before),
    ...planAddons(input, before),
    ...planReadiness(input, before),
    ...planUncordon(input, before),
    ...planUncordonOfFormerWorkers(input),
  ]
}
