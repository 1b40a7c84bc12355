import type { Emit } from '../../engine/events.ts'
import { PlanRefusedError, StateError } from '../../errors.ts'
import { restoreCommand } from '../../snapshots/restore-command.ts'
import type { ClusterState, Restoring } from '../../state/cluster-state.ts'
import type { StateStore } from '../../state/state-store.ts'

/**
 * The state from before a restore: an interrupted one has kept it. Where that file is not here, what the restore itself has
 * noted is used: then only machines that were members before and that cluster.yml no longer names are not known.
 */
export async function stateBeforeRestore(
  { restoring, ...state }: ClusterState,
  store: StateStore,
  emit: Emit,
): Promise<ClusterState> {
  if (restoring === undefined || restoring.finished) return state
  return (await keptState(restoring, store, emit)) ?? state
}

/** The state that a restore has kept, if it did and the file is here; its absence is reported. */
export async function keptState(
  { previous }: Restoring,
  store: StateStore,
  emit: Emit,
): Promise<ClusterState | undefined> {
  if (previous === undefined) return undefined
  try {
    return await store.loadKept(previous)
  } catch (thrown) {
    if (!(thrown instanceof StateError)) throw thrown
    const text = `Nodes that only the cluster before the restore had are not cleaned: ${thrown.message}`
    emit({ type: 'notice', level: 'warning', area: 'state', text })
    return undefined
  }
}

/**
 * The state to go back to; where there was none, that of the snapshot without the note.
 * @throws PlanRefusedError if no restore is under way, there was no cluster before it, or its cluster works already, StateError if the state was not kept here
 */
export async function stateToGoBackTo(
  { restoring, ...state }: ClusterState,
  store: StateStore,
): Promise<{ readonly before: ClusterState; readonly restoring: Restoring }> {
  if (restoring === undefined) throw nothingToAbort()
  if (restoring.finished) throw tooLate(restoring)
  const { previous, formerMembers = [] } = restoring
  const before = previous === undefined ? state : await store.loadKept(previous)
  refuseRecovering(before, restoring)
  const hadCluster = formerMembers.length > 0 || before.currentState.rkeConfig !== undefined
  if (!hadCluster) throw nothingBefore(restoring)
  return { before, restoring }
}

/** What would be put back is no cluster: members from before an unfinished recovery, and one from after it. */
function refuseRecovering({ recovering }: ClusterState, { snapshot }: Restoring): void {
  if (recovering === undefined) return
  throw new PlanRefusedError(
    'etcd was being recovered when the restore began, and there is no cluster to go back to',
    {
      step: 'plan the way back',
      untouched: true,
      hint: `run "${restoreCommand(snapshot)}" again, or restore another snapshot`,
    },
  )
}

function nothingBefore({ snapshot }: Restoring): PlanRefusedError {
  return new PlanRefusedError('there was no cluster on these machines before the restore', {
    step: 'plan the way back',
    untouched: true,
    hint: `run "${restoreCommand(snapshot)}" again, or clean the machines with "rke remove"`,
  })
}

function nothingToAbort(): PlanRefusedError {
  return new PlanRefusedError('no restore is under way that could be aborted', {
    step: 'plan the way back',
    untouched: true,
    hint: 'a restore that is done is undone by restoring a snapshot that was taken before it',
  })
}

function tooLate({ snapshot }: Restoring): PlanRefusedError {
  return new PlanRefusedError(
    `the restored cluster works, and what came before snapshot ${snapshot} is being deleted`,
    {
      step: 'plan the way back',
      untouched: true,
      hint: `run "${restoreCommand(snapshot)}" again, which ends the restore`,
    },
  )
}
