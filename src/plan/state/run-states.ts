import { asApplied, asDesired } from '../../config/applied-form.ts'
import type { ClusterNode } from '../../config/cluster-config.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import type { EncryptionDecision } from '../encryption/decide-encryption.ts'
import type { ClusterView } from '../model/cluster-view.ts'
import type { PlanScope } from '../plan-scope.ts'
import { leftOutAfter } from './nodes-left-out.ts'
import { shippedBundle } from './shipped-bundle.ts'

/** The state of a cluster in the course of a run. */
export interface RunStates {
  /** From the moment the run begins. What the run itself notes then must be taken out again at its end. */
  readonly begun: ClusterState
  /** Once the plan is done. */
  readonly done: ClusterState
}

export function runStates(view: ClusterView, scope: PlanScope, encryption: EncryptionDecision): RunStates {
  const done = doneState(view, scope, encryption)
  return { begun: begunState(view, done, encryption), done }
}

/** Nodes that are left out stay in the state as they were: the run that finds them must know what is on them. */
function doneState(
  { wanted, known: { state } }: ClusterView,
  { skipped, remaining }: PlanScope,
  encryption: EncryptionDecision,
): ClusterState {
  const { given, material } = wanted
  const { bundle, encryptionConfig } = material
  const before = ({ address }: ClusterNode): readonly ClusterNode[] =>
    (state.currentState.rkeConfig?.nodes ?? []).filter((node) => node.address === address)
  const nodes = given.nodes.flatMap((node) => (skipped.includes(node.address) ? before(node) : [node]))
  const reached = { ...given, nodes: [...nodes, ...inState(state, remaining)] }
  // What is left out has what it was given last, and must get the rest by force.
  const nodesLeftOut = wanted.onlyEncryption
    ? state.currentState.nodesLeftOut
    : leftOutAfter(state, skipped, bundle)
  const asked = wanted.onlyEncryption
    ? state.desiredState
    : { rkeConfig: asDesired(given), certificatesBundle: bundle }
  const { encryptionConfig: _before, ...rest } = asked
  return {
    desiredState: { ...rest, ...(encryptionConfig !== undefined && { encryptionConfig }) },
    currentState: {
      rkeConfig: asApplied(reached),
      certificatesBundle: bundle,
      ...(nodesLeftOut && { nodesLeftOut }),
      ...encryption.done,
    },
  }
}

/** A node that an earlier run began and that leaves before it was applied is remembered until it is gone. */
function begunState(
  { known: { state, leaving } }: ClusterView,
  { desiredState }: ClusterState,
  encryption: EncryptionDecision,
): ClusterState {
  const { encryptionConfig: _text, encryptionRewritePending: _pending, ...rest } = state.currentState
  const certificatesBundle = shippedBundle(state)
  const currentState = { ...rest, ...(certificatesBundle && { certificatesBundle }), ...encryption.begun }
  const applied = currentState.rkeConfig
  const unknown = leaving.filter((node) => !applied?.nodes.some(({ address }) => address === node.address))
  if (applied === undefined || unknown.length === 0) return { desiredState, currentState }
  const rkeConfig = { ...applied, nodes: [...applied.nodes, ...inState(state, unknown)] }
  return { desiredState, currentState: { ...currentState, rkeConfig } }
}

/** Leaving nodes as the state has them. */
function inState(
  { currentState, desiredState }: ClusterState,
  leaving: readonly ClusterNode[],
): readonly ClusterNode[] {
  const known = [...(currentState.rkeConfig?.nodes ?? []), ...(desiredState.rkeConfig?.nodes ?? [])]
  return leaving.flatMap(({ address }) => known.find((node) => node.address === address) ?? [])
}
