import { isDeepStrictEqual } from 'node:util'
import { PlanRefusedError, StateError } from '../../errors.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import { readStateSecret } from '../../kube/tasks/state-secret.ts'
import type { Secret } from '../../secret.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { serialiseCopy } from '../../state/state-json.ts'
import { copyDigest } from './state-session.ts'

/**
 * Whether the copy of the state in the cluster was written with another state file: it is neither a copy that this
 * state saw or wrote last, nor does it have the same applied half. A state that never saw a copy, such as RKE's,
 * cannot decide this.
 */
export function isForeignCopy(state: ClusterState, copy: Secret<string> | undefined): boolean {
  if (copy === undefined || state.copiesInCluster === undefined) return false
  if (state.copiesInCluster.includes(copyDigest(copy))) return false
  const applied = (text: string): unknown => JSON.parse(text).currentState
  try {
    return !isDeepStrictEqual(applied(copy.reveal()), applied(serialiseCopy(state)))
  } catch {
    return true
  }
}

const STEP = 'compare the state with its copy in the cluster'

export const FOREIGN_COPY = 'the cluster was changed with another state file since this one was last used'

/** Refuses a run whose state is not the one that the cluster, which has this copy, was changed with last. */
export function refuseForeignCopy(state: ClusterState, copy: Secret<string> | undefined): void {
  if (!isForeignCopy(state, copy)) return
  throw new StateError(FOREIGN_COPY, {
    step: STEP,
    hint: 'get the state of the cluster with "rke util get-state-file", or, if the file here is the right one, use --break-lock',
  })
}

/** Refuses a plan that was made with this copy, if the cluster has another one now that nobody else may change it. */
export async function refuseMovedCopy(
  copy: Secret<string> | undefined,
  api: () => Promise<KubeApi>,
  signal: AbortSignal,
): Promise<void> {
  const stored = await readStateSecret(await api(), signal)
  if (stored?.from !== 'Secret' || copy === undefined || copyDigest(stored.text) === copyDigest(copy)) return
  throw new PlanRefusedError('another run has changed the cluster while this plan was made', {
    step: STEP,
    untouched: true,
    hint: 'run the same command again',
  })
}
