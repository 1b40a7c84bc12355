import type { AddonStep } from '../../addons/desired-addons.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import type { Material } from '../../desired/desired-cluster.ts'
import type { DesiredInput } from '../../desired/desired-node.ts'
import type { ObservedEtcd } from '../../observe/observe-etcd.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import type { PlanOptions } from './plan-options.ts'

/** All that a plan follows from. Observation fills it, and every decision reads it. */
export interface ClusterView {
  readonly wanted: WantedCluster
  readonly known: KnownCluster
  readonly seen: SeenCluster
  readonly options: PlanOptions
}

/** What cluster.yml asks for, and what is made from it. */
export interface WantedCluster {
  /** With all secrets filled in. */
  readonly config: ClusterConfig
  /** As it is kept in the state: with placeholders where `config` has secrets. */
  readonly given: ClusterConfig
  readonly catalog: Catalog
  readonly input: DesiredInput
  readonly material: Material
  readonly addons: readonly AddonStep[]
  /** The encryption key is exchanged, and nothing else is done: whatever else is wanted stays wanted. */
  readonly onlyEncryption?: true | undefined
}

/** What is known before a machine is asked. */
export interface KnownCluster {
  readonly state: ClusterState
  /** Whether there is a state at all. */
  readonly hasState: boolean
  /** Nodes that were applied, or that the last run began with, and that cluster.yml no longer names. */
  readonly leaving: readonly ClusterNode[]
}

/** What the machines, etcd and Kubernetes say. */
export interface SeenCluster {
  /** By address: machines that were reached. */
  readonly machines: ReadonlyMap<string, ObservedNode>
  /**
   * Machines that a restore has left out, as they are: with what they had before it. `machines` has them as they are once that is
   * taken off them.
   */
  readonly toClean?: ReadonlyMap<string, ObservedNode>
  /** Addresses of nodes that could not be reached and are left out. */
  readonly unreachable: readonly string[]
  /** `undefined`: it was not asked, or no member is healthy. */
  readonly etcd: ObservedEtcd | undefined
  /** `undefined`: the API could not be asked. */
  readonly kube: ObservedKube | undefined
  /** Addresses of nodes whose API server runs and is not healthy, where that was asked. */
  readonly unhealthyServers: ReadonlySet<string>
}

/** What is there before etcd and Kubernetes are asked. */
export interface MachinesView extends Pick<ClusterView, 'known' | 'options'> {
  readonly wanted: Pick<WantedCluster, 'config' | 'catalog'>
  readonly seen: Pick<SeenCluster, 'machines' | 'toClean' | 'unreachable'>
}

/** The configuration that was applied last; `undefined` for a cluster that no run has brought up yet. */
export function appliedConfig({ known }: Pick<ClusterView, 'known'>): ClusterConfig | undefined {
  return known.state.currentState.rkeConfig
}

/** No run has brought this cluster up yet: nothing runs in it yet. */
export function isNewCluster(view: Pick<ClusterView, 'known'>): boolean {
  return appliedConfig(view) === undefined
}
