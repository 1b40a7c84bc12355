import type { ClusterConfig } from '../config/cluster-config.ts'
import type { HealthCheck } from '../desired/container-spec.ts'
import type { StepContext } from '../engine/engine.ts'
import type { EtcdApi } from '../etcd/etcd-api.ts'
import type { Creating } from '../kube/client/bootstrap.ts'
import type { KubeApi } from '../kube/client/kube-api.ts'
import type { KubeWait } from '../kube/client/kube-wait.ts'
import type { ReachKubelet } from '../kube/client/reach-kubelet.ts'
import type { KubeObject } from '../kube/objects/kube-object.ts'
import type { HealthProbe } from '../node/containers/health.ts'
import type { RegistryAuth } from '../node/docker/docker-types.ts'
import type { Node } from '../node/node.ts'
import type { CertificatesBundle } from '../pki/encoding/certificate-entry.ts'
import type { ActionKind, ActionOf } from '../plan/action.ts'
import type { Secret } from '../secret.ts'
import type { Time } from '../time.ts'

/** An addon's manifest. */
export interface AddonManifest {
  /** `undefined` for one that is switched off. */
  readonly text: string | undefined
  /** What the stored manifest holds besides is kept. */
  readonly keepsRest: boolean
  /** Objects that must be gone before it is applied, because they cannot be changed in place. */
  readonly deleteBefore: readonly KubeObject[]
  /** Objects that an applied manifest no longer wants. */
  readonly deleteAfter: readonly KubeObject[]
  /** What objects say that programs made of an earlier manifest; `text` is the part of the manifest that says it. */
  readonly settings: readonly {
    readonly text: string
    readonly object: KubeObject & { readonly data: object }
  }[]
}

/** The state of the cluster, as the actions of a run change it. Each change is saved at once. */
export interface RunState {
  /** Makes what this run applied the current half. */
  commit(): Promise<void>
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
}

/** What actions need of the run they belong to. */
export interface ActionContext extends StepContext {
  readonly config: ClusterConfig
  /** The configuration that the last run applied; `undefined` for a cluster that no run has brought up. */
  readonly applied: ClusterConfig | undefined
  readonly bundle: CertificatesBundle
  /** Credentials to pull an image with; `undefined` if its registry needs none. */
  readonly credentials: (image: string, signal: AbortSignal) => Promise<Secret<RegistryAuth> | undefined>
  readonly addons: ReadonlyMap<string, AddonManifest>
  /** The node with this address, connected. */
  readonly node: (address: string) => Node
  /** The etcd member on a node, asked through that node. */
  readonly etcd: (address: string) => EtcdApi
  /** How a component on a node says whether it is well, asked through that node. Close it. */
  readonly probe: (address: string, check: HealthCheck) => HealthProbe
  /** Has the API server of a node open a connection to a kubelet. */
  readonly reachKubelet: ReachKubelet
  /** The Kubernetes API, through whichever control plane node answers; connected when first asked for. */
  readonly kube: () => Promise<KubeApi>
  /** The same once something can be created in it: an API server answers before a new cluster has its namespaces. */
  readonly kubeFor: (creating: Creating, wait: KubeWait) => Promise<KubeApi>
  readonly state: RunState
  /** How waiting is done; by the machine's clock if it is not said. */
  readonly time?: Time | undefined
}

/** One kind of action: what it says of itself, and what it does. */
export interface ActionHandler<K extends ActionKind> {
  readonly describe: (action: ActionOf<K>) => string
  readonly run: (action: ActionOf<K>, context: ActionContext) => Promise<void>
}
