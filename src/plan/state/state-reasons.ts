import { sameJson } from '../../kube/objects/same-json.ts'
import { fitsSecret } from '../../kube/objects/secret-size.ts'
import { Secret } from '../../secret.ts'
import { halfStateChanges } from '../../state/state-changes.ts'
import { serialiseCopy } from '../../state/state-json.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'

/** Why the current half of the state is not what this run makes it; empty if it is. */
export function reasonsToCommit({ states: { begun, done } }: PlanBasis): readonly Reason[] {
  return halfStateChanges(begun.currentState, done.currentState)
}

/** Why the state's copy in the cluster must be written though the state stays; `undefined` if it need not. */
export function reasonToCopy({ seen: { kube }, states }: PlanBasis): Reason | undefined {
  if (kube === undefined) return undefined
  if (kube.stateCopy === undefined) return { kind: 'state-copy-missing' }
  return sameJson(kube.stateCopy.reveal(), copyOf(states).reveal())
    ? undefined
    : { kind: 'state-copy-different' }
}

/** Whether Kubernetes can hold a copy of the state as this run leaves it. */
export function copyFits({ states }: PlanBasis): boolean {
  return fitsSecret(copyOf(states))
}

const copyOf = ({ done }: PlanBasis['states']): Secret<string> => new Secret(serialiseCopy(done))
