import { isDeepStrictEqual } from 'node:util'
import { CancelledError, DeadlineError } from '../../../src/errors.ts'
import { ApiError } from '../../../src/kube/client/api-error.ts'
import type {
  DeleteOptions,
  EvictionResult,
  KubeApi,
  ListQuery,
  NodePatch,
  Page,
  WaitOptions,
  WriteOptions,
} from '../../../src/kube/client/kube-api.ts'
import {
  type KubeNode,
  type KubeObject,
  type ObjectRef,
  type Pod,
  refOf,
  refText,
} from '../../../src/kube/objects/kube-object.ts'
import { nodeMergePatch } from '../../../src/kube/objects/node-merge-patch.ts'
import type { ServedKind } from '../../../src/kube/objects/resource-names.ts'
import { type NodeObject, toKubeNode } from '../../../src/kube/objects/to-kube-node.ts'
import { seconds } from '../../../src/poll.ts'

export type FakeVerb =
  | 'version'
  | 'ready'
  | 'read'
  | 'list'
  | 'create'
  | 'replace'
  | 'patch'
  | 'delete'
  | 'logs'
  | 'evict'

export interface FakeCall {
  readonly verb: FakeVerb
  /** `Job kube-system/rke-coredns-addon-deploy-job`, or the kind for a list. */
  readonly object: string
}

const NODE = { apiVersion: 'v1', kind: 'Node' } as const
const WRITES: readonly FakeVerb[] = ['create', 'replace', 'patch', 'delete', 'evict']

/** What Kubernetes makes by itself, in this order. */
export const BOOTSTRAP: readonly KubeObject[] = [
  ...['kube-system', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'kubernetes' } },
  ...['kube-system', 'default'].map((namespace) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace, name: 'default' },
  })),
]

/**
 * A Kubernetes API in memory: objects with resource versions, conflicts, merge patches, and waits that are
 * woken by changes. Controllers are played by `onChange`; failures are injected by `before`.
 */
export class FakeKube implements KubeApi {
  readonly calls: FakeCall[] = []
  /** Called before each request: throw to make it fail. */
  before: ((call: FakeCall) => void) | undefined
  /** Called after each change, as a controller would be; may change objects with `put` and `drop`. */
  onChange: ((object: KubeObject, change: 'created' | 'updated' | 'deleted') => void) | undefined
  /** What `podLogs` gives, by `namespace/name`. */
  readonly logs = new Map<string, string>()
  /** Pods (`namespace/name`) that a disruption budget protects. */
  readonly protectedPods = new Set<string>()
  serverVersion = 'v1.31.1'
  isReady = true
  served: readonly ServedKind[] = []
  closed = false
  readonly #objects = new Map<string, KubeObject>()
  readonly #waiters = new Set<() => void>()
  #revision = 0

  /** Of a cluster that has what every cluster has, or of a new one whose API server has only begun. */
  constructor({ bootstrapped = true } = {}) {
    if (bootstrapped) for (const object of BOOTSTRAP) this.put(object)
  }

  /** The calls that changed something, as `patch Node worker-1`. */
  get writes(): string[] {
    return this.calls
      .filter(({ verb }) => WRITES.includes(verb))
      .map(({ verb, object }) => `${verb} ${object}`)
  }

  /** Puts an object there, as somebody else would; no call is counted. */
  put(object: KubeObject): void {
    const key = keyOf(refOf(object))
    const change = this.#objects.has(key) ? 'updated' : 'created'
    const uid = this.#objects.get(key)?.metadata.uid ?? object.metadata.uid ?? `uid-${++this.#revision}`
    const resourceVersion = String(++this.#revision)
    this.#objects.set(key, { ...object, metadata: { ...object.metadata, uid, resourceVersion } })
    this.#changed(object, change)
  }

  /** A Node as a kubelet registers it; Ready unless told otherwise. */
  putNode(name: string, node: Partial<Omit<KubeNode, 'name' | 'resourceVersion'>> = {}): void {
    const {
      labels = {},
      annotations = {},
      taints = [],
      ready = true,
      heartbeat,
      unschedulable = false,
    } = node
    const { addresses = [], kubeletVersion = this.serverVersion } = node
    const said = heartbeat === undefined ? {} : { lastHeartbeatTime: new Date(heartbeat).toISOString() }
    const object: NodeObject = {
      ...NODE,
      metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels }, annotations },
      spec: { ...(taints.length === 0 ? {} : { taints }), ...(unschedulable ? { unschedulable } : {}) },
      status: {
        addresses,
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', ...said }],
        nodeInfo: { kubeletVersion },
      },
    }
    this.put(object)
  }

  /** Removes an object, as somebody else would. */
  drop(ref: ObjectRef): void {
    const object = this.#objects.get(keyOf(ref))
    if (object === undefined) return
    this.#objects.delete(keyOf(ref))
    this.#revision++
    this.#changed(object, 'deleted')
  }

  /** The object as it is now, without counting a call. */
  peek<T extends KubeObject = KubeObject>(ref: ObjectRef): T | undefined {
    return this.#objects.get(keyOf(ref)) as T | undefined
  }

  async version(): Promise<string> {
    this.#called('version', 'version')
    return this.serverVersion
  }

  async ready(): Promise<{ ok: boolean; detail: string }> {
    this.#called('ready', 'readyz')
    return { ok: this.isReady, detail: this.isReady ? 'ok' : 'not ready' }
  }

  async servedKinds(): Promise<readonly ServedKind[]> {
    return this.served
  }

  async listNodes(signal?: AbortSignal): Promise<readonly KubeNode[]> {
    return (await this.list<NodeObject>(NODE, signal)).map(toKubeNode)
  }

  async getNode(name: string, signal?: AbortSignal): Promise<KubeNode | undefined> {
    const node = await this.read<NodeObject>({ ...NODE, name }, signal)
    return node === undefined ? undefined : toKubeNode(node)
  }

  async patchNode(name: string, patch: NodePatch): Promise<KubeNode> {
    return toKubeNode(await this.patch({ ...NODE, name }, nodeMergePatch(patch)))
  }

  deleteNode(name: string): Promise<void> {
    return this.delete({ ...NODE, name })
  }

  async read<T extends KubeObject>(ref: ObjectRef, signal?: AbortSignal): Promise<T | undefined> {
    this.#called('read', refText(ref), signal)
    return this.peek<T>(ref)
  }

  async list<T extends KubeObject>(query: ListQuery, signal?: AbortSignal): Promise<readonly T[]> {
    this.#called('list', query.kind, signal)
    return this.#matching<T>(query)
  }

  async listPage<T extends KubeObject>(
    query: ListQuery,
    { limit, from = '0' }: { readonly limit: number; readonly from?: string },
    signal?: AbortSignal,
  ): Promise<Page<T>> {
    this.#called('list', query.kind, signal)
    const all = this.#matching<T>(query)
    const end = Number(from) + limit
    const next = end < all.length ? { continue: String(end) } : {}
    return { items: all.slice(Number(from), end), resourceVersion: String(this.#revision), ...next }
  }

  async create<T extends KubeObject>(object: T, { dryRun = false, signal }: WriteOptions = {}): Promise<T> {
    const ref = refOf(object)
    this.#called('create', refText(ref), signal)
    if (this.peek(ref) !== undefined) throw failure(409, 'AlreadyExists', `${refText(ref)} already exists`)
    const { namespace: name } = ref
    if (name !== undefined) this.#mustHave({ apiVersion: 'v1', kind: 'Namespace', name })
    if (dryRun) return object
    this.put(structuredClone(object))
    return this.#mustHave<T>(ref)
  }

  async replace<T extends KubeObject>(object: T, { dryRun = false, signal }: WriteOptions = {}): Promise<T> {
    const ref = refOf(object)
    this.#called('replace', refText(ref), signal)
    this.#checkVersion(this.#mustHave(ref), object.metadata.resourceVersion)
    if (dryRun) return object
    this.put(structuredClone(object))
    return this.#mustHave<T>(ref)
  }

  async patch(
    ref: ObjectRef,
    patch: Readonly<Record<string, unknown>>,
    { dryRun = false, signal }: WriteOptions = {},
  ): Promise<KubeObject> {
    this.#called('patch', refText(ref), signal)
    const there = this.#mustHave(ref)
    const { metadata } = patch as { metadata?: { resourceVersion?: string } }
    this.#checkVersion(there, metadata?.resourceVersion)
    const merged = mergePatch(there, patch) as KubeObject
    if (dryRun || isDeepStrictEqual(merged, there)) return merged
    this.put(merged)
    return this.#mustHave(ref)
  }

  async delete(ref: ObjectRef, { signal }: DeleteOptions = {}): Promise<void> {
    this.#called('delete', refText(ref), signal)
    this.drop(ref)
  }

  async waitFor<T extends KubeObject>(
    ref: ObjectRef,
    test: (object: T | undefined) => boolean,
    options: WaitOptions,
  ): Promise<T | undefined> {
    return this.#wait(() => this.peek<T>(ref), test, options)
  }

  async waitForList<T extends KubeObject>(
    query: ListQuery,
    test: (objects: readonly T[]) => boolean,
    options: WaitOptions,
  ): Promise<readonly T[]> {
    return this.#wait(() => this.#matching<T>(query), test, options)
  }

  listPods(
    query: Omit<ListQuery, 'apiVersion' | 'kind'> = {},
    signal?: AbortSignal,
  ): Promise<readonly Pod[]> {
    return this.list<Pod>({ apiVersion: 'v1', kind: 'Pod', ...query }, signal)
  }

  async podLogs({ namespace, name }: { readonly namespace: string; readonly name: string }): Promise<string> {
    this.#called('logs', `Pod ${namespace}/${name}`)
    return this.logs.get(`${namespace}/${name}`) ?? ''
  }

  async evict({
    namespace,
    name,
  }: {
    readonly namespace: string
    readonly name: string
  }): Promise<EvictionResult> {
    this.#called('evict', `Pod ${namespace}/${name}`)
    const ref: ObjectRef = { apiVersion: 'v1', kind: 'Pod', namespace, name }
    if (this.peek(ref) === undefined) return 'gone'
    if (this.protectedPods.has(`${namespace}/${name}`)) return 'blocked'
    this.drop(ref)
    return 'evicted'
  }

  async close(): Promise<void> {
    this.closed = true
  }

  #called(verb: FakeVerb, object: string, signal?: AbortSignal): void {
    if (signal?.aborted) throw new CancelledError(`stopped: ${verb} ${object}`)
    const call = { verb, object }
    this.calls.push(call)
    this.before?.(call)
  }

  #matching<T extends KubeObject>(query: ListQuery): readonly T[] {
    return [...this.#objects.values()].filter((object) => matches(object, query)) as T[]
  }

  #mustHave<T extends KubeObject = KubeObject>(ref: ObjectRef): T {
    const object = this.peek<T>(ref)
    if (object === undefined) throw failure(404, 'NotFound', `${refText(ref)} not found`)
    return object
  }

  #checkVersion(object: KubeObject, expected: string | undefined): void {
    if (expected === undefined || expected === object.metadata.resourceVersion) return
    throw failure(409, 'Conflict', `${refText(refOf(object))} has been modified`)
  }

  #changed(object: KubeObject, change: 'created' | 'updated' | 'deleted'): void {
    this.onChange?.(object, change)
    for (const wake of this.#waiters) wake()
  }

  async #wait<S>(look: () => S, test: (seen: S) => boolean, options: WaitOptions): Promise<S> {
    const { what, deadlineMs, signal } = options
    const limit = AbortSignal.timeout(deadlineMs)
    for (;;) {
      if (signal?.aborted) throw new CancelledError(`stopped while waiting for ${what}`)
      if (limit.aborted) throw new DeadlineError(`waited ${seconds(deadlineMs)} for ${what}`)
      const seen = look()
      if (test(seen)) return seen
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiters.add(resolve)
      limit.addEventListener('abort', () => resolve())
      signal?.addEventListener('abort', () => resolve())
      await promise
      this.#waiters.delete(resolve)
    }
  }
}

function keyOf({ apiVersion, kind, namespace = '', name }: ObjectRef): string {
  return `${apiVersion}/${kind}/${namespace}/${name}`
}

function failure(status: number, reason: string, message: string): ApiError {
  return new ApiError(message, { status, reason })
}

function matches(object: KubeObject, query: ListQuery): boolean {
  const { apiVersion, kind, namespace, labelSelector = '', fieldSelector = '' } = query
  if (object.apiVersion !== apiVersion || object.kind !== kind) return false
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false
  const labels = object.metadata.labels ?? {}
  return (
    terms(labelSelector).every(([key, value]) => labels[key] === value) &&
    terms(fieldSelector).every(([path, value]) => field(object, path) === value)
  )
}

function terms(selector: string): [string, string][] {
  return selector
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [key = '', value = ''] = term.split('=', 2)
      return [key, value]
    })
}

function field(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object)
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const base = isRecord(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete base[key]
    else if (value !== undefined) base[key] = mergePatch(base[key], value)
  }
  return base
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
