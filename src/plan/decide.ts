import type { AddonStep } from '../addons/desired-addons.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { asApplied } from '../config/applied-form.ts'
import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import type { Material } from '../desired/desired-cluster.ts'
import type { DesiredInput } from '../desired/desired-node.ts'
import type { Emit } from '../engine/events.ts'
import { PlanRefusedError } from '../errors.ts'
import type { ObservedEtcd } from '../observe/observe-etcd.ts'
import type { ObservedKube } from '../observe/observed-kube.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import { hasRole } from '../role.ts'
import type { RunOptions } from '../session/deps.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import {
  checkDockerVersions,
  refuseNewAuthority,
  refusePluginChange,
  refuseQuorumLoss,
  refuseSkipping,
} from './checks/guards.ts'
import { planInput } from './compare-cluster.ts'
import { decideEncryption, type EncryptionDecision } from './encryption/decide-encryption.ts'
import { lostMembers } from './etcd/lost-members.ts'
import { postponedChanges, stoppedMembers } from './etcd/postponed.ts'
import { guardQuorum } from './etcd/quorum-guard.ts'
import type { Plan } from './model/plan.ts'
import { planCluster } from './plan-cluster.ts'
import type { PlanInput } from './plan-input.ts'
import { forChosenNodes } from './rollout/chosen-nodes.ts'
import { keptNodes } from './rollout/kept-nodes.ts'
import { describeLeaving } from './rollout/leaving.ts'
import { rolloutSettings } from './rollout/rollout-settings.ts'

/** What the machines say, with all that was known before they were asked. */
export interface SeenNodes {
  readonly config: ClusterConfig
  readonly catalog: Catalog
  readonly state: ClusterState
  /** Whether there is a state at all. */
  readonly hasState: boolean
  readonly observed: ReadonlyMap<string, ObservedNode>
  /** Addresses of nodes that could not be reached and are left out. */
  readonly skipped: readonly string[]
}

/** Everything that a plan follows from. */
export interface SeenCluster extends SeenNodes {
  /** The configuration as it is kept: with placeholders where `config` has secrets. */
  readonly given: ClusterConfig
  readonly input: DesiredInput
  readonly material: Material
  readonly addons: readonly AddonStep[]
  readonly leaving: readonly ClusterNode[]
  readonly kube: ObservedKube | undefined
  readonly etcd: ObservedEtcd | undefined
  /** Addresses of nodes whose API server runs and is not well, where that was asked. */
  readonly unhealthyServers?: ReadonlySet<string>
}

export interface Decision {
  readonly plan: Plan
  /** What was compared. */
  readonly compared: PlanInput
  /** The state as it is from the moment the run begins. */
  readonly begun: ClusterState
  /** Addresses of nodes that must wait for the next run, because etcd does not answer. */
  readonly postponed: readonly string[]
  /** Addresses of nodes that leave only when new workers, which are left out of this run, can take their pods. */
  readonly held: readonly string[]
  /** Why the encryption of Secrets must wait for the next run. */
  readonly encryptionWaits: string | undefined
  /** Both halves of the state as they are once the plan is done. */
  readonly wanted: ClusterState
}

/** Refuses what can be refused before etcd and Kubernetes are asked. Pure but for the warnings it tells. */
export function checkNodes(seen: SeenNodes, options: RunOptions, emit: Emit): void {
  const { config, catalog, state, hasState, observed, skipped } = seen
  const applied = state.currentState.rkeConfig
  refuseNewAuthority(hasState, observed)
  refuseSkipping(config, applied, skipped)
  if (!options.ignoreDockerVersion) checkDockerVersions(config, catalog, observed, emit)
}

/** What is to be done, or a refusal. Pure. */
export function decide(seen: SeenCluster, options: RunOptions): Decision {
  const { config, given, state, observed, material, kube, etcd } = seen
  const applied = state.currentState.rkeConfig
  const wereMembers = formerMembers(state)
  const postponed = postponedChanges(config, applied, observed, seen.leaving, etcd, wereMembers)
  const skipped = [...seen.skipped, ...postponed.nodes]
  const held =
    options.drain === false
      ? []
      : keptNodes(config, applied, seen.skipped, seen.leaving, (address) => observed.has(address))
  const remaining = [...postponed.leaving, ...held]
  const leaving = seen.leaving.filter((node) => !remaining.includes(node))
  refuseQuorumLoss(config, leaving, etcd, new Set(observed.keys()))
  refusePluginChange(config, kube, applied)
  const encryption = decideEncryption({
    ...seen,
    wanted: material.encryptionConfig,
    leaving,
    skipped,
  })
  const { between } = encryption
  const wanted = wantedState({ given, state, skipped, remaining, material, encryption })
  const begun = begunState(state, wanted, seen.leaving, encryption)
  const compared = planInput({
    config,
    applied,
    // What the run itself notes at its beginning must be taken out again at its end.
    state: begun,
    input: { ...seen.input, encrypted: between !== '' },
    material: { ...material, encryptionConfig: between === '' ? undefined : between },
    encryption: encryption.work,
    observed,
    kube,
    wanted,
    addons: seen.addons,
    skipped,
    etcd,
    unhealthyServers: seen.unhealthyServers ?? new Set(),
    stopped: stoppedMembers(postponed, observed),
    wereMembers,
    lostMembers: lostMembers(postponed, applied, observed, seen.input),
    leaving: leaving.map((node) => describeLeaving(node, config, observed.get(node.address), kube, applied)),
    rollout: rolloutSettings(config, applied, options.drain ?? true),
    checkPorts: options.checkPorts ?? true,
    hasCustomCertificates: options.certificates !== undefined,
  })
  const chosen = forChosenNodes(planCluster(compared), config, applied, options)
  const spared = guardQuorum(chosen, compared, applied)
  const waiting = [
    ...postponed.nodes,
    ...postponed.leaving.map(({ address }) => address),
    ...spared.postponed,
  ]
  refuseIdleWait(spared.plan, waiting)
  return {
    plan: spared.plan,
    wanted,
    compared,
    begun,
    postponed: waiting,
    held: held.map(({ address }) => address),
    encryptionWaits: encryption.waits,
  }
}

/** Where nothing is left that could be mended first, waiting for etcd helps nobody. */
function refuseIdleWait({ actions }: Plan, waiting: readonly string[]): void {
  if (waiting.length === 0 || actions.length > 0) return
  throw new PlanRefusedError(
    `no etcd member that stays is healthy, and etcd on ${waiting.join(', ')} is to be changed`,
    {
      step: 'plan',
      hint: 'nothing was changed; mend etcd first (docker logs etcd on its nodes), or leave a healthy member in cluster.yml',
    },
  )
}

/** Addresses of the etcd nodes of the applied configuration, and of the one that the last run began with. */
function formerMembers({ currentState, desiredState }: ClusterState): ReadonlySet<string> {
  const known = [...(currentState.rkeConfig?.nodes ?? []), ...(desiredState.rkeConfig?.nodes ?? [])]
  return new Set(known.filter((node) => hasRole(node, 'etcd')).map(({ address }) => address))
}

interface WantedInput {
  /** As it was given: what is filled in is in no state. */
  readonly given: ClusterConfig
  readonly state: ClusterState
  readonly skipped: readonly string[]
  /** Nodes that are to leave later. */
  readonly remaining: readonly ClusterNode[]
  readonly material: Material
  readonly encryption: EncryptionDecision
}

/** Nodes that are left out stay in the state as they were: the run that finds them must know what is on them. */
function wantedState(input: WantedInput): ClusterState {
  const { given, state, skipped, remaining, material, encryption } = input
  const { bundle, encryptionConfig } = material
  const before = ({ address }: ClusterNode): readonly ClusterNode[] =>
    (state.currentState.rkeConfig?.nodes ?? []).filter((node) => node.address === address)
  const nodes = given.nodes.flatMap((node) => (skipped.includes(node.address) ? before(node) : [node]))
  const reached = { ...given, nodes: [...nodes, ...inState(state, remaining)] }
  const kept = { certificatesBundle: bundle }
  return {
    desiredState: { rkeConfig: given, ...kept, ...(encryptionConfig !== undefined && { encryptionConfig }) },
    currentState: { rkeConfig: asApplied(reached), ...kept, ...encryption.done },
  }
}

/**
 * The state from the moment the run begins. A node that an earlier run began and that leaves before it was applied is
 * remembered until it is gone.
 */
function begunState(
  state: ClusterState,
  wanted: ClusterState,
  leaving: readonly ClusterNode[],
  encryption: EncryptionDecision,
): ClusterState {
  const { desiredState } = wanted
  const { encryptionConfig: _text, encryptionRewritePending: _pending, ...rest } = state.currentState
  const currentState = { ...rest, ...encryption.begun }
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
