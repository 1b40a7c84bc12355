/** Names one object of the Kubernetes API. No `namespace`: a cluster-wide object. */
export interface ObjectRef {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string | undefined
  readonly name: string
}

export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly annotations?: Readonly<Record<string, string>> | undefined
  readonly uid?: string | undefined
  readonly resourceVersion?: string | undefined
  readonly creationTimestamp?: string | undefined
  readonly deletionTimestamp?: string | undefined
  /** Who changed which fields when; `time` is the API server's. */
  readonly managedFields?:
    | readonly {
        readonly time?: string | undefined
        readonly apiVersion?: string | undefined
        readonly fieldsV1?: Readonly<Record<string, unknown>> | undefined
      }[]
    | undefined
  readonly ownerReferences?:
    | readonly {
        readonly kind: string
        readonly name: string
        readonly uid?: string
        readonly controller?: boolean
      }[]
    | undefined
}

/** Any object, as plain JSON. Times are strings, and unknown fields are kept. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'

export interface Taint {
  readonly key: string
  readonly value?: string | undefined
  readonly effect: TaintEffect
  readonly timeAdded?: string | undefined
}

/** The parts of a Node object that the program uses. */
export interface KubeNode {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly taints: readonly Taint[]
  /** Condition `Ready` is `True`. */
  readonly ready: boolean
  /** The last heartbeat of its kubelet, by the machine's clock: milliseconds since 1970, in whole seconds. */
  readonly heartbeat: number | undefined
  readonly unschedulable: boolean
  readonly addresses: readonly { readonly type: string; readonly address: string }[]
  readonly kubeletVersion: string
  readonly resourceVersion: string
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  /** RFC 3339; only conditions of Nodes have it. */
  readonly lastHeartbeatTime?: string
}

export interface ContainerState {
  readonly running?: { readonly startedAt?: string }
  readonly waiting?: { readonly reason?: string; readonly message?: string }
  readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string }
}

export interface Volume {
  readonly name: string
  readonly emptyDir?: unknown
  readonly secret?: { readonly secretName?: string }
  readonly configMap?: { readonly name?: string }
  readonly projected?: {
    readonly sources?: readonly {
      readonly configMap?: { readonly name?: string }
      readonly secret?: { readonly name?: string }
      readonly serviceAccountToken?: unknown
    }[]
  }
}

export interface Pod extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string
    readonly volumes?: readonly Volume[]
    readonly tolerations?: readonly { readonly key?: string; readonly effect?: string }[]
  }
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly Condition[]
    readonly containerStatuses?: readonly {
      readonly name: string
      readonly image?: string
      readonly ready?: boolean
      readonly state?: ContainerState
    }[]
  }
}

export interface KubeSecret extends KubeObject {
  readonly type?: string
  /** Values are base64. */
  readonly data?: Readonly<Record<string, string>>
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

export interface Deployment extends KubeObject {
  readonly spec?: {
    readonly replicas?: number
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> }
  }
}

export interface Job extends KubeObject {
  readonly spec?: unknown
  readonly status?: { readonly conditions?: readonly Condition[]; readonly failed?: number }
}

/** The reference of an object. */
export function refOf(object: KubeObject): ObjectRef {
  const { apiVersion, kind, metadata } = object
  return metadata.namespace === undefined
    ? { apiVersion, kind, name: metadata.name }
    : { apiVersion, kind, namespace: metadata.namespace, name: metadata.name }
}

/** `Job kube-system/rke-coredns-addon-deploy-job`, for messages. */
export function refText(ref: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`
}

/** `coordination.k8s.io/v1`, the fields used here. Times are RFC 3339 with microseconds. */
export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly acquireTime?: string
    readonly renewTime?: string
    readonly leaseDurationSeconds?: number
  }
}
