import type { AddonStep } from '../addons/desired-addons.ts'
import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import type { ContainerSpec, FileSpec } from '../desired/container-spec.ts'
import type { KubeObject } from '../kube/objects/kube-object.ts'
import type { ObservedEtcd } from '../observe/observe-etcd.ts'
import type { ObservedKube } from '../observe/observed-kube.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import type { Secret } from '../secret.ts'
import type { HalfState } from '../state/cluster-state.ts'
import type { DrainSettings } from './action/drain.ts'
import type { Reason } from './model/reason.ts'

/** What one node should hold. */
export interface DesiredNode {
  readonly node: ClusterNode
  readonly prefix: string
  readonly containers: readonly ContainerSpec[]
  /** Rewritten whenever their content differs. */
  readonly files: readonly FileSpec[]
  /**
   * Written when they are missing or damaged. Whole ones that are older than the state's are left alone
   * unless `force` is set, because components that run with them would have to be restarted.
   */
  readonly certificates: readonly FileSpec[]
  /** Image of the helper containers. */
  readonly helperImage: string
  /** All images the node's containers need, the pods' pause image among them. */
  readonly images: readonly string[]
  /** Why a container that RKE runs on such a node is not wanted, by its name. */
  readonly unwanted: ReadonlyMap<string, Reason>
}

/** An addon as it should be; see `src/addons`. */
export interface DesiredAddon {
  readonly step: AddonStep
  readonly action: 'none' | 'apply' | 'remove'
  /** Hash of the wanted manifest; empty for an addon that is switched off. */
  readonly digest: string
  readonly because: readonly Reason[]
}

/** Certificates that changed in a cluster that exists, and what must therefore be restarted where. */
export interface ForcedDeployment {
  readonly restarts: readonly CertificateUse[]
  /** Containers that take a certificate up when they next open a connection as a client, and lose a request by that. */
  readonly reconnects: readonly CertificateUse[]
}

/** A container that uses certificates which changed. */
export interface CertificateUse {
  readonly node: string
  readonly container: string
  readonly because: Reason
}

/** A node of the applied configuration that is in cluster.yml no more. */
export interface LeavingNode {
  readonly node: ClusterNode
  readonly prefix: string
  /** `undefined`: it cannot be reached, so that nothing on it can be cleaned. */
  readonly observed: ObservedNode | undefined
  /** Images of the cluster it was in, of which it may have one. */
  readonly images?: readonly string[]
  /** Its Node object is still there. */
  readonly registered: boolean
}

/** A member of etcd whose container is gone, and the one that it had. */
export interface LostMember {
  /** Address of its node. */
  readonly node: string
  readonly container: ContainerSpec
}

/** How much of a cluster may be out of service at once while it changes. */
export interface RolloutSettings {
  readonly maxUnavailableControlPlane: number
  readonly maxUnavailableWorkers: number
  /** Drain nodes whose components are replaced; `undefined`: only cordon them. */
  readonly drain: DrainSettings | undefined
  /** Drain nodes that leave; `undefined`: delete them as they are, as RKE does. */
  readonly drainLeaving: DrainSettings | undefined
}

/** A text that all API servers get, one after the other; or all Secrets written anew. */
export type EncryptionStage =
  | { readonly text: Secret<string>; readonly generated: boolean; readonly because: Reason }
  | 'rewrite'

/** Why a Node must be changed; each list is empty if it need not. */
export interface NodeChanges {
  /** If the components that make the machine a node stay as they are. */
  readonly asItIs: readonly Reason[]
  /** If some of them are deployed in the same run: taints that follow from roles are then set again. */
  readonly deployed: readonly Reason[]
}

/** How the encryption of Secrets changes. */
export interface EncryptionWork {
  /** Before components are changed. */
  readonly before: readonly EncryptionStage[]
  /** After those of control plane nodes were. */
  readonly after: readonly EncryptionStage[]
  /** Nobody looks at the provider file any more in the end. */
  readonly removesFile: boolean
}

export interface PlanInput {
  readonly config: ClusterConfig
  /** The configuration that was applied last; `undefined` for a cluster that no run has brought up. */
  readonly applied: ClusterConfig | undefined
  /** What the current half of the state is once the plan is done, and its digest (`StateCommit`). */
  readonly half: Secret<HalfState>
  readonly halfDigest: string
  /** No run has brought this cluster up yet: nothing in it serves anybody. */
  readonly fresh: boolean
  readonly rollout: RolloutSettings
  readonly leaving: readonly LeavingNode[]
  /** `undefined`: it was not asked, or no member is healthy. */
  readonly etcd: ObservedEtcd | undefined
  /** Addresses of nodes whose API server runs and is not well, where that was asked. */
  readonly unhealthyServers: ReadonlySet<string>
  /** Addresses of the etcd nodes of the applied configuration, and of the one that the last run began with. */
  readonly wereMembers: ReadonlySet<string>
  /** Addresses of nodes that are to go from etcd, whose members have stopped, and without which it does not answer. */
  readonly stopped: readonly string[]
  /** The same, whose containers are gone. */
  readonly lostMembers: readonly LostMember[]
  readonly nodes: readonly DesiredNode[]
  readonly observed: ReadonlyMap<string, ObservedNode>
  /** `undefined`: the API could not be asked. */
  readonly kube: ObservedKube | undefined
  /** Objects that let nodes and addon Jobs use the API. */
  readonly authorization: readonly KubeObject[]
  readonly forced: ForcedDeployment | undefined
  /** `undefined`: it stays as it is. */
  readonly encryption: EncryptionWork | undefined
  /** Why the current half of the state is not what this run would make it; empty if it is. */
  readonly stateChanges: readonly Reason[]
  /** Why the state's copy in the cluster must be written though the state stays; `undefined` if it need not. */
  readonly stateCopyChanges: Reason | undefined
  /** Kubernetes can hold a copy of the state as this run leaves it. */
  readonly stateCopyFits: boolean
  /** By address: why a Node's labels, annotations or taints must be changed. */
  readonly nodeChanges: ReadonlyMap<string, NodeChanges>
  /** Addresses of nodes that Kubernetes does not know; empty if it could not be asked. */
  readonly unregistered: ReadonlySet<string>
  /** Addresses of nodes that no run has applied yet and that are not Ready, as far as that is known. */
  readonly arriving: ReadonlySet<string>
  /** Addresses of nodes that serve as workers and are to lose that role. */
  readonly losing: ReadonlySet<string>
  /** Addresses of nodes that an interrupted run left cordoned. */
  readonly cordoned: ReadonlySet<string>
  readonly addons: readonly DesiredAddon[]
  readonly checkPorts: boolean
}
