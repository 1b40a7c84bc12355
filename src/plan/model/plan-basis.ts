import type { DesiredNode } from '../../desired/desired-node.ts'
import type { KubeNode } from '../../kube/objects/kube-object.ts'
import type { EncryptionDecision } from '../encryption/decide-encryption.ts'
import type { PlanScope } from '../plan-scope.ts'
import type { LeavingNode } from '../rollout/leaving.ts'
import type { RolloutSettings } from '../rollout/rollout-settings.ts'
import type { RunStates } from '../state/run-states.ts'
import type { ClusterView } from './cluster-view.ts'

/** A view with what follows from it for more than one part of the plan, each worked out once. */
export interface PlanBasis extends ClusterView {
  readonly scope: PlanScope
  readonly encryption: EncryptionDecision
  readonly states: RunStates
  /** What each node that this run may change should hold. */
  readonly nodes: readonly DesiredNode[]
  /** Nodes that leave in this run. */
  readonly leaving: readonly LeavingNode[]
  /** Node objects, by the address of their machine; empty if the API could not be asked. */
  readonly kubeNodes: ReadonlyMap<string, KubeNode>
  readonly rollout: RolloutSettings
}
