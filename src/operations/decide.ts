import type { AddonStep } from '../addons/plan-addons.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { asApplied } from '../config/applied-form.ts'
import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import type { DesiredInput } from '../desired/desired-node.ts'
import type { Emit } from '../engine/events.ts'
import type { ObservedEtcd } from '../observe/observe-etcd.ts'
import type { ObservedKube } from '../observe/observed-kube.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import type { Plan } from '../plan/plan.ts'
import { planCluster } from '../plan/plan-cluster.ts'
import type { PlanInput } from '../plan/plan-input.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { forChosenNodes } from './chosen-nodes.ts'
import type { RunOptions } from './deps.ts'
import type { Material } from './desired-cluster.ts'
import {
  checkDockerVersions,
  refuseDangerousChanges,
  refuseNewAuthority,
  refusePluginChange,
  refuseQuorumLoss,
  refuseSkipping,
} from './guards.ts'
import { describeLeaving } from './leaving.ts'
import { planInput } from './plan-input.ts'
import { rolloutSettings } from './rollout-settings.ts'

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
}

export interface Decision {
  readonly plan: Plan
  /** What was compared. */
  readonly compared: PlanInput
  /** Both halves of the state as they are once the plan is done. */
  readonly wanted: ClusterState
}

/** Refuses what can be refused before etcd and Kubernetes are asked. Pure but for the warnings it tells. */
export function checkNodes(seen: SeenNodes, options: RunOptions, emit: Emit): void {
  const { config, catalog, state, hasState, observed, skipped } = seen
  const applied = state.currentState.rkeConfig
  refuseNewAuthority(hasState, observed)
  refuseSkipping(config, applied, skipped)
  refuseDangerousChanges(applied, config)
  if (!options.ignoreDockerVersion) checkDockerVersions(config, catalog, observed, emit)
}

/** What is to be done, or a refusal. Pure. */
export function decide(seen: SeenCluster, options: RunOptions): Decision {
  const { config, given, state, observed, skipped, material, leaving, kube, etcd } = seen
  const { bundle, encryptionConfig } = material
  refuseQuorumLoss(config, leaving, etcd)
  refusePluginChange(config, kube)
  const reached = { ...given, nodes: given.nodes.filter(({ address }) => !skipped.includes(address)) }
  const kept = {
    certificatesBundle: bundle,
    ...(encryptionConfig !== undefined && { encryptionConfig }),
  }
  const wanted: ClusterState = {
    desiredState: { rkeConfig: given, ...kept },
    currentState: { rkeConfig: asApplied(reached), ...kept },
  }
  const compared = planInput({
    config,
    state,
    input: seen.input,
    material,
    observed,
    kube,
    wanted,
    addons: seen.addons,
    skipped,
    etcd,
    leaving: leaving.map((node) => describeLeaving(node, config, observed.get(node.address), kube)),
    rollout: rolloutSettings(config, options.drain ?? true),
    checkPorts: options.checkPorts ?? true,
    hasCustomCertificates: options.certificates !== undefined,
  })
  const plan = forChosenNodes(planCluster(compared), config, state.currentState.rkeConfig, options)
  return { plan, wanted, compared }
}
