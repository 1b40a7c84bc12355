import type { HealthCheck } from '../desired/container-spec.ts'
import type { StoredValues } from '../encryption-mark.ts'
import type { StepContext } from '../engine/engine.ts'
import type { EtcdApi } from '../etcd/etcd-api.ts'
import type { KubeApi } from '../kube/client/kube-api.ts'
import type { ReachKubelet } from '../kube/client/reach-kubelet.ts'
import type { Creating } from '../kube/client/waiting/bootstrap.ts'
import type { KubeWait } from '../kube/client/waiting/kube-wait.ts'
import type { HealthProbe } from '../node/containers/health.ts'
import type { RegistryAuth } from '../node/docker/docker-types.ts'
import type { Node } from '../node/node.ts'
import type { ActionKind, ActionOf } from '../plan/action.ts'
import type { Bucket } from '../s3/bucket.ts'
import type { Secret } from '../secret.ts'
import type { SaveNotes } from '../snapshots/saved-snapshot.ts'
import type { BegunRestore, ClusterState, HalfState } from '../state/cluster-state.ts'
import type { Time } from '../time.ts'

/** The state of the cluster, as the actions of a run change it. Each change is saved at once. */
export interface RunState {
  /** Makes this the current half. */
  commit(applied: HalfState): Promise<void>
  /** Secrets are encrypted with this provider file from now on, and not all of them are yet. */
  recordEncryption(text: Secret<string>): Promise<void>
  /** @throws StateError if this copy, which the cluster has, was written with another state file than this one. */
  mustBeOurs(copy: Secret<string>): void
  /** As it is copied to the cluster. */
  copy(): Secret<string>
  /** The cluster may have this copy from now on. */
  expectCopy(copy: Secret<string>): Promise<void>
  /** It has. */
  noteCopy(copy: Secret<string>): Promise<void>
  /** Keeps the state under another name, unless an interrupted restore has; then goes on with this one. */
  beginRestore(restore: BegunRestore, state: Secret<ClusterState>): Promise<void>
  /** Nothing leads back from here. */
  finishRestore(): Promise<void>
  /** No restore is under way any more. */
  endRestore(): Promise<void>
  /** A machine that a restore has left out has nothing from before it any more. */
  noteCleaned(address: string): Promise<void>
  /** Goes on with the state from before a restore. */
  undoRestore(state: Secret<ClusterState>): Promise<void>
}

/** What a run hands to its actions: ways to machines and APIs, and its state. Everything else stands in the action. */
export interface ActionContext extends StepContext {
  /** Credentials to pull an image with; `undefined` if its registry needs none. */
  readonly credentials: (image: string, signal: AbortSignal) => Promise<Secret<RegistryAuth> | undefined>
  /** The node with this address, connected. */
  readonly node: (address: string) => Node
  /** The etcd member on a node, asked through that node. */
  readonly etcd: (address: string) => EtcdApi
  /** How a component on a node reports its health, asked through that node. Close it. */
  readonly probe: (address: string, check: HealthCheck) => HealthProbe
  /** Has the API server of a node open a connection to a kubelet. */
  readonly reachKubelet: ReachKubelet
  /** The Kubernetes API, through whichever control plane node answers; connected when first asked for. */
  readonly kube: () => Promise<KubeApi>
  /** The same once something can be created in it: an API server answers before a new cluster has its namespaces. */
  readonly kubeFor: (creating: Creating, wait: KubeWait) => Promise<KubeApi>
  readonly state: () => RunState
  /** Where a save notes what it finds out. */
  readonly snapshots: () => SaveNotes
  /** Takes note of how values are stored in etcd. */
  readonly noteStored: (values: StoredValues) => void
  /** The bucket of snapshots. */
  readonly bucket: () => Bucket
  /** How waiting is done; by the machine's clock if it is not said. */
  readonly time?: Time | undefined
}

/** One kind of action: what it says of itself, and what it does. */
export interface ActionHandler<K extends ActionKind> {
  readonly describe: (action: ActionOf<K>) => string
  readonly run: (action: ActionOf<K>, context: ActionContext) => Promise<void>
}
