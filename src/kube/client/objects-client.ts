import { includes } from '../objects/includes.ts'
import { type KubeObject, type ObjectRef, refOf, refText } from '../objects/kube-object.ts'
import { ApiError, isAlreadyExists, isNotFound } from './api-error.ts'
import type { EndpointPool } from './endpoint-pool.ts'
import type { DeleteOptions, ListQuery, Page, WaitOptions, WriteOptions } from './kube-api.ts'
import { Resources } from './resources.ts'
import { Rest } from './rest.ts'
import { waitForList } from './waiting/wait-for-list.ts'
import { Watcher } from './waiting/watcher.ts'

/** The page size for lists, small enough for large Secrets and pods. */
const PAGE_SIZE = 500

/** Requests for objects of any kind. */
export class ObjectsClient {
  protected readonly rest: Rest
  readonly #resources: Resources
  readonly #watcher: Watcher

  constructor(pool: EndpointPool) {
    this.rest = new Rest(pool)
    this.#resources = new Resources(this.rest)
    this.#watcher = new Watcher(pool)
  }

  async read<T extends KubeObject>(ref: ObjectRef, signal?: AbortSignal): Promise<T | undefined> {
    try {
      const path = await this.#resources.path(ref, signal)
      return await this.rest.json<T>({ method: 'GET', path, what: `read ${refText(ref)}`, signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  async list<T extends KubeObject>(query: ListQuery, signal?: AbortSignal): Promise<readonly T[]> {
    try {
      return await this.#allPages<T>(query, signal)
    } catch (error) {
      // A list is restarted when its continue token has expired.
      if (error instanceof ApiError && error.status === 410) return this.#allPages<T>(query, signal)
      throw error
    }
  }

  async listPage<T extends KubeObject>(
    query: ListQuery,
    page: { readonly limit?: number; readonly from?: string },
    signal?: AbortSignal,
  ): Promise<Page<T>> {
    const { apiVersion, kind, labelSelector, fieldSelector } = query
    const limit = page.limit === undefined ? undefined : String(page.limit)
    const reply = await this.rest.json<RawList<T>>({
      method: 'GET',
      path: await this.#resources.path(query, signal),
      query: { labelSelector, fieldSelector, limit, continue: page.from },
      what: `list ${kind} objects`,
      signal,
    })
    const { resourceVersion = '', continue: next } = reply.metadata ?? {}
    // Items of a list have no kind.
    const items = (reply.items ?? []).map((item) => ({ ...item, apiVersion, kind }))
    return { items, resourceVersion, ...(next ? { continue: next } : {}) }
  }

  async create<T extends KubeObject>(object: T, { signal, dryRun }: WriteOptions = {}): Promise<T> {
    const { name, ...collection } = refOf(object)
    const path = await this.#resources.path(collection, signal)
    const what = `create ${refText({ ...collection, name })}`
    let repeated = false
    const onRepeat = (): void => {
      repeated = true
    }
    try {
      return await this.rest.json({
        method: 'POST',
        path,
        query: dry(dryRun),
        body: object,
        what,
        signal,
        onRepeat,
      })
    } catch (error) {
      if (!repeated || !isAlreadyExists(error)) throw error
      // If the object is the wanted one, the first request succeeded and only its reply was lost.
      const found = await this.read<T>({ ...collection, name }, signal)
      if (found === undefined || !includes(found, object)) throw error
      return found
    }
  }

  async replace<T extends KubeObject>(object: T, { signal, dryRun }: WriteOptions = {}): Promise<T> {
    const ref = refOf(object)
    const path = await this.#resources.path(ref, signal)
    const what = `replace ${refText(ref)}`
    return this.rest.json({ method: 'PUT', path, query: dry(dryRun), body: object, what, signal })
  }

  async patch(
    ref: ObjectRef,
    patch: Readonly<Record<string, unknown>>,
    { signal, dryRun }: WriteOptions = {},
  ): Promise<KubeObject> {
    return this.rest.json({
      method: 'PATCH',
      path: await this.#resources.path(ref, signal),
      query: dry(dryRun),
      body: patch,
      contentType: 'application/merge-patch+json',
      what: `patch ${refText(ref)}`,
      signal,
    })
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<void> {
    const { signal, propagation, gracePeriodSeconds } = options
    await this.rest.send({
      method: 'DELETE',
      path: await this.#resources.path(ref, signal),
      query: { propagationPolicy: propagation, gracePeriodSeconds: gracePeriodSeconds?.toString() },
      accept: [404],
      what: `delete ${refText(ref)}`,
      signal,
    })
  }

  async waitFor<T extends KubeObject>(
    ref: ObjectRef,
    test: (object: T | undefined) => boolean,
    options: WaitOptions,
  ): Promise<T | undefined> {
    const { name, ...collection } = ref
    const { namespace, ...clusterWide } = collection
    const query = { ...clusterWide, ...(namespace === undefined ? {} : { namespace }) }
    const named = { ...query, fieldSelector: `metadata.name=${name}` }
    const objects = await this.waitForList<T>(named, ([object]) => test(object), options)
    return objects[0]
  }

  waitForList<T extends KubeObject>(
    query: ListQuery,
    test: (objects: readonly T[]) => boolean,
    options: WaitOptions,
  ): Promise<readonly T[]> {
    const { labelSelector, fieldSelector } = query
    return waitForList<T>(
      {
        list: (signal) => this.listPage(query, {}, signal),
        follow: async (resourceVersion, onEvent, signal) =>
          this.#watcher.follow(
            await this.#resources.path(query, signal),
            { labelSelector, fieldSelector, resourceVersion },
            onEvent,
            signal,
          ),
      },
      test,
      { ...options, time: this.rest.time },
    )
  }

  async close(): Promise<void> {
    this.rest.close()
    await this.#watcher.close()
  }

  async #allPages<T extends KubeObject>(query: ListQuery, signal?: AbortSignal): Promise<readonly T[]> {
    const items: T[] = []
    for (let from: string | undefined; ; ) {
      const size = { limit: PAGE_SIZE, ...(from === undefined ? {} : { from }) }
      const page: Page<T> = await this.listPage(query, size, signal)
      items.push(...page.items)
      if (page.continue === undefined) return items
      from = page.continue
    }
  }
}

interface RawList<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string }
  readonly items?: readonly T[] | null
}

function dry(dryRun = false): Record<string, string | undefined> {
  return { dryRun: dryRun ? 'All' : undefined }
}
