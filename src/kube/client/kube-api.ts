import type { KubeNode, KubeObject, ObjectRef, Pod, Taint } from '../objects/kube-object.ts'
import type { ServedKind } from '../objects/resource-names.ts'

/** The scope of a list or watch. No `namespace`: all namespaces. */
export interface ListQuery {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

/** One page of a list. `continue` is the token of the next page, absent on the last. */
export interface Page<T extends KubeObject> {
  readonly items: readonly T[]
  readonly resourceVersion: string
  readonly continue?: string
}

/** A change of a Node. `null` removes a label or an annotation; `taints` replaces the whole list. */
export interface NodePatch {
  readonly labels?: Readonly<Record<string, string | null>>
  readonly annotations?: Readonly<Record<string, string | null>>
  readonly taints?: readonly Taint[]
  readonly unschedulable?: boolean
  /** If given, the API refuses with 409 if the Node has changed since. Required with `taints`. */
  readonly resourceVersion?: string
}

export interface WaitOptions {
  /** What is waited for, for the deadline's message: `Job kube-system/x to complete`. */
  readonly what: string
  readonly deadlineMs: number
  readonly signal?: AbortSignal
}

/** `evicted`: the pod is terminating; `gone`: there was none; `blocked`: a disruption budget forbids it for now. */
export type EvictionResult = 'evicted' | 'gone' | 'blocked'

/**
 * The requests that this program makes to a Kubernetes API server. Every failure is an `ApiError` (a `KubeError` with
 * `status`), a `DeadlineError` or a `CancelledError`. Reads of absent objects return `undefined`; deletes of absent
 * objects succeed. A request takes 30 s at most.
 */
export interface KubeApi {
  /** The server's version, such as `v1.30.4` (`GET /version`). */
  version(signal?: AbortSignal): Promise<string>
  /** Whether the server is ready (`GET /readyz`), and its message if not. */
  ready(signal?: AbortSignal): Promise<{ readonly ok: boolean; readonly detail: string }>

  /** Kinds of objects that can be listed and written, those of the groups that names in a provider file can mean (`covers`). */
  servedKinds(names: readonly string[], signal?: AbortSignal): Promise<readonly ServedKind[]>

  listNodes(signal?: AbortSignal): Promise<readonly KubeNode[]>
  getNode(name: string, signal?: AbortSignal): Promise<KubeNode | undefined>
  patchNode(name: string, patch: NodePatch, signal?: AbortSignal): Promise<KubeNode>
  deleteNode(name: string, signal?: AbortSignal): Promise<void>

  read<T extends KubeObject = KubeObject>(ref: ObjectRef, signal?: AbortSignal): Promise<T | undefined>
  /** All pages of a list. */
  list<T extends KubeObject = KubeObject>(query: ListQuery, signal?: AbortSignal): Promise<readonly T[]>
  /** One page of at most `limit` items; `from` is the `continue` token of the page before. */
  listPage<T extends KubeObject = KubeObject>(
    query: ListQuery,
    page: { readonly limit: number; readonly from?: string },
    signal?: AbortSignal,
  ): Promise<Page<T>>
  create<T extends KubeObject>(object: T, options?: WriteOptions): Promise<T>
  /** PUT. With `metadata.resourceVersion` it is refused (409) if the object has changed since. */
  replace<T extends KubeObject>(object: T, options?: WriteOptions): Promise<T>
  /** JSON merge patch (RFC 7386). */
  patch(ref: ObjectRef, patch: Readonly<Record<string, unknown>>, options?: WriteOptions): Promise<KubeObject>
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<void>

  /**
   * Watches an object until `test` is true; `undefined` stands for an absent object. An error that `test` throws ends
   * the wait. Returns the object that passed.
   */
  waitFor<T extends KubeObject = KubeObject>(
    ref: ObjectRef,
    test: (object: T | undefined) => boolean,
    options: WaitOptions,
  ): Promise<T | undefined>
  /** The same for all objects of a query; `test` gets the whole list after every change. */
  waitForList<T extends KubeObject = KubeObject>(
    query: ListQuery,
    test: (objects: readonly T[]) => boolean,
    options: WaitOptions,
  ): Promise<readonly T[]>

  listPods(
    query?: { readonly namespace?: string; readonly labelSelector?: string; readonly fieldSelector?: string },
    signal?: AbortSignal,
  ): Promise<readonly Pod[]>
  /** The last `tail` lines (20 by default) of a pod's only or first container. */
  podLogs(
    pod: { readonly namespace: string; readonly name: string },
    options?: { readonly tail?: number; readonly signal?: AbortSignal },
  ): Promise<string>
  /** Evicts a pod (policy/v1, or v1beta1 where the server knows no other). `gracePeriodSeconds` absent: the pod's own. */
  evict(
    pod: { readonly namespace: string; readonly name: string },
    options?: { readonly gracePeriodSeconds?: number; readonly signal?: AbortSignal },
  ): Promise<EvictionResult>

  /** Closes all connections; running requests fail. */
  close(): Promise<void>
}

export interface WriteOptions {
  readonly signal?: AbortSignal
  /** Validate and admit, but do not store. */
  readonly dryRun?: boolean
}

export interface DeleteOptions {
  readonly signal?: AbortSignal
  /** `Foreground`: the object stays until all its dependents are deleted. Default: the API's own. */
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan'
  readonly gracePeriodSeconds?: number
}
