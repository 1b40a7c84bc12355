import type { ClusterNode } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'
import type { ChosenSnapshot } from '../../plan/snapshots/restore-view.ts'
import { restoredState, versionIn } from '../../plan/snapshots/restored-state.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { parseState } from '../../state/state-json.ts'

/** What a cluster is restored with, and the Kubernetes version that it had, as far as that is known. */
export interface StateOfRestore {
  readonly state: ClusterState
  readonly version: string | undefined
  /** Secrets were being rewritten with another key. */
  readonly rewriting: boolean
  /** The nodes that it had, as far as that is known. */
  readonly nodes: readonly ClusterNode[]
}

/** The state in the snapshot, or the local one: where that is asked for, and, said aloud, where the snapshot has none. */
export function stateOfRestore(
  { file, content }: ChosenSnapshot,
  local: ClusterState,
  useLocalState: boolean,
  emit: Emit,
): StateOfRestore {
  if (useLocalState || content.state === undefined) {
    if (!useLocalState) {
      const text = `Snapshot ${file.name} holds no state of the cluster: the local state file is used`
      emit({ type: 'notice', level: 'warning', area: 'state', text })
    }
    return {
      state: restoredState(local),
      version: content.kubernetesVersion,
      rewriting: isRewriting(local),
      nodes: [],
    }
  }
  const archived = parseState(content.state.reveal(), `the state in snapshot ${file.name}`)
  const { currentState, desiredState } = archived
  return {
    state: restoredState(archived, local),
    version: content.kubernetesVersion ?? versionIn(archived),
    rewriting: isRewriting(archived),
    nodes: (currentState.rkeConfig ?? desiredState.rkeConfig)?.nodes ?? [],
  }
}

const isRewriting = ({ currentState }: ClusterState): boolean =>
  currentState.encryptionRewritePending ?? false
