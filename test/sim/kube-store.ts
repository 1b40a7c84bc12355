import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, ObjectRef } from '../../src/kube/objects/kube-object.ts'
import { refOf, refText } from '../../src/kube/objects/kube-object.ts'
import { isRecord } from './http.ts'
import type { Provider } from './sealed-secrets.ts'

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: KubeObject
  readonly revision: number
}

/** A refusal of the API's, told by status and reason. */
export class StatusError extends Error {
  readonly status: number
  readonly reason: string

  constructor(status: number, reason: string, message: string) {
    super(message)
    this.status = status
    this.reason = reason
  }
}

let branches = 0

/** Objects of a simulated cluster, with versions, conflicts, and a history that watches replay. */
export class KubeStore {
  readonly history: StoreEvent[] = []
  /** By addon, the manifest that a Job of it applied last. */
  readonly applied = new Map<string, string | undefined>()
  /** With what Secrets are encrypted, by namespace and name. */
  readonly seals = new Map<string, Provider>()
  onChange: (() => void) | undefined
  readonly #objects = new Map<string, KubeObject>()
  readonly #watchers = new Set<(event: StoreEvent) => void>()
  /** What API servers have yet to make in an empty etcd; see `answer`. */
  readonly #unmade: KubeObject[]
  #revision = 0
  #ids = 0

  constructor() {
    for (const object of ROLES) this.create(object)
    this.#unmade = [...MADE_LATER]
  }

  /** The same objects and history, which nobody watches. */
  copy(): KubeStore {
    const copy = new KubeStore()
    copy.#objects.clear()
    for (const [key, object] of this.#objects) copy.#objects.set(key, object)
    copy.history.splice(0, Infinity, ...this.history)
    for (const [secret, provider] of this.seals) copy.seals.set(secret, provider)
    for (const [addon, manifest] of this.applied) copy.applied.set(addon, manifest)
    copy.#unmade.splice(0, Infinity, ...this.#unmade)
    copy.#revision = this.#revision
    copy.#ids = this.#ids
    return copy
  }

  /** Objects that are made from now on get ids that no other one has, also none that was made in another copy. */
  branch(): this {
    branches += 1
    this.#ids += branches * 1_000_000
    return this
  }

  get revision(): number {
    return this.#revision
  }

  /** How many objects there are. */
  get size(): number {
    return this.#objects.size
  }

  /** The objects as they were at a revision, for a member that saw no later one. */
  asOf(revision: number): KubeStore {
    const past = this.copy()
    if (revision >= this.#revision) return past
    past.#objects.clear()
    past.history.splice(0, Infinity, ...this.history.filter((event) => event.revision <= revision))
    for (const { type, object } of past.history) {
      if (type === 'DELETED') past.#objects.delete(keyOf(refOf(object)))
      else past.#objects.set(keyOf(refOf(object)), object)
    }
    past.#revision = revision
    return past
  }

  get<T extends KubeObject = KubeObject>(ref: ObjectRef): T | undefined {
    return this.#objects.get(keyOf(ref)) as T | undefined
  }

  /**
   * What an API server answers that is asked for an object. It answers before a new cluster has its namespaces: they
   * come a moment after somebody asked for one of them in vain.
   */
  answer<T extends KubeObject = KubeObject>(ref: ObjectRef): T | undefined {
    const found = this.get<T>(ref)
    if (this.#unmade.some((object) => keyOf(refOf(object)) === keyOf(ref))) {
      for (const object of this.#unmade.splice(0)) this.create(object)
    }
    return found
  }

  find(ref: ObjectRef): KubeObject {
    const found = this.get(ref)
    if (found === undefined) throw new StatusError(404, 'NotFound', `${refText(ref)} not found`)
    return found
  }

  list(apiVersion: string, kind: string, namespace?: string): readonly KubeObject[] {
    return [...this.#objects.values()].filter(
      (object) =>
        object.apiVersion === apiVersion &&
        object.kind === kind &&
        (namespace === undefined || object.metadata.namespace === namespace),
    )
  }

  create(object: KubeObject): KubeObject {
    if (this.get(refOf(object)) !== undefined) {
      throw new StatusError(409, 'AlreadyExists', `${refText(refOf(object))} already exists`)
    }
    const { namespace } = object.metadata
    if (namespace !== undefined) this.find({ apiVersion: 'v1', kind: 'Namespace', name: namespace })
    this.#ids += 1
    const uid = `uid-${this.#ids}`
    const creationTimestamp = new Date().toISOString()
    return this.#store('ADDED', { ...object, metadata: { ...object.metadata, uid, creationTimestamp } })
  }

  /** Replaces an object; nothing changes, not even the version, if it is the same already. */
  replace(object: KubeObject): KubeObject {
    const before = this.find(refOf(object))
    const { resourceVersion } = object.metadata
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) {
      throw new StatusError(409, 'Conflict', `${refText(refOf(object))}: the object has been modified`)
    }
    refuseImmutable(before, object)
    const { uid, creationTimestamp } = before.metadata
    const metadata = {
      ...object.metadata,
      uid,
      creationTimestamp,
      resourceVersion: before.metadata.resourceVersion,
    }
    const next = { ...object, metadata }
    return isDeepStrictEqual(next, before) ? before : this.#store('MODIFIED', next)
  }

  /** JSON merge patch. */
  patch(ref: ObjectRef, patch: Readonly<Record<string, unknown>>): KubeObject {
    return this.replace(mergePatch(this.find(ref), patch) as KubeObject)
  }

  /** Deletes; in the foreground the object stays, marked, until the garbage collector has been. */
  delete(ref: ObjectRef, propagation?: string): KubeObject {
    const before = this.find(ref)
    if (propagation === 'Foreground') {
      const deletionTimestamp = before.metadata.deletionTimestamp ?? new Date().toISOString()
      return this.replace({ ...before, metadata: { ...before.metadata, deletionTimestamp } })
    }
    this.#objects.delete(keyOf(ref))
    this.#tell('DELETED', before)
    return before
  }

  /** Calls with every event after a revision, and with all that come; gives what ends that. */
  watch(after: number, listener: (event: StoreEvent) => void): () => void {
    for (const event of this.history) if (event.revision > after) listener(event)
    this.#watchers.add(listener)
    return () => this.#watchers.delete(listener)
  }

  #store(type: 'ADDED' | 'MODIFIED', object: KubeObject): KubeObject {
    refuseLargeSecret(object)
    const metadata = { ...object.metadata, resourceVersion: String(this.#revision + 1) }
    const stored = { ...object, metadata }
    this.#objects.set(keyOf(refOf(object)), stored)
    this.#tell(type, stored)
    return stored
  }

  #tell(type: StoreEvent['type'], object: KubeObject): void {
    this.#revision += 1
    const event = { type, object, revision: this.#revision }
    this.history.push(event)
    for (const watcher of [...this.#watchers]) watcher(event)
    this.onChange?.()
  }
}

const RBAC = 'rbac.authorization.k8s.io/v1'

/** What an API server makes before it says that it is healthy, as far as it matters here. The binding has no subjects. */
const ROLES: readonly KubeObject[] = [
  { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: 'cluster-admin' } },
  { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: 'system:node' } },
  bootstrapBinding('system:node'),
]

/** What it makes later, in this order. */
const MADE_LATER: readonly KubeObject[] = [
  ...['kube-system', 'kube-public', 'kube-node-lease', 'default'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  })),
  { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'kubernetes' } },
]

function bootstrapBinding(name: string): KubeObject & { readonly roleRef: object } {
  return {
    apiVersion: RBAC,
    kind: 'ClusterRoleBinding',
    metadata: {
      name,
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  }
}

const keyOf = ({ apiVersion, kind, namespace = '', name }: ObjectRef): string =>
  `${apiVersion}/${kind}/${namespace}/${name}`

function refuseLargeSecret(object: KubeObject): void {
  if (object.kind !== 'Secret' || !('data' in object)) return
  const values = Object.values(object.data as Readonly<Record<string, string>>)
  const size = values.reduce((sum, value) => sum + Buffer.from(value, 'base64').length, 0)
  if (size <= 1024 * 1024) return
  const message = `${refText(refOf(object))} is invalid: data: Too long: must have at most 1048576 bytes`
  throw new StatusError(422, 'Invalid', message)
}

/** Fields that the API never lets change. */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  ClusterRoleBinding: ['roleRef'],
  RoleBinding: ['roleRef'],
  Job: ['spec'],
}

function refuseImmutable(before: KubeObject, after: KubeObject): void {
  for (const field of IMMUTABLE[before.kind] ?? []) {
    if (isDeepStrictEqual(Reflect.get(before, field), Reflect.get(after, field))) continue
    throw new StatusError(
      422,
      'Invalid',
      `${refText(refOf(before))} is invalid: ${field}: field is immutable`,
    )
  }
}

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}
