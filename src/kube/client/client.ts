import type { KubeNode, Pod } from '../objects/kube-object.ts'
import { nodeMergePatch } from '../objects/node-merge-patch.ts'
import type { ServedKind } from '../objects/resource-names.ts'
import { type NodeObject, toKubeNode } from '../objects/to-kube-node.ts'
import { ApiError } from './api-error.ts'
import { EndpointPool, type KubeCredentials, type KubeEndpoint } from './endpoint-pool.ts'
import type { EvictionResult, KubeApi, ListQuery, NodePatch } from './kube-api.ts'
import { ObjectsClient } from './objects-client.ts'
import { servedKinds } from './served-kinds.ts'

/** Which version an Eviction has: servers before v1.22 refuse the first one as a bad request. */
const EVICTION = 'policy/v1'
const EVICTION_BEFORE = 'policy/v1beta1'
/** Where servers before v1.16 answer. */
const BEFORE_READYZ = '/healthz'

const NODE = { apiVersion: 'v1', kind: 'Node' } as const

/** A client of one cluster's Kubernetes API, through any control plane node that answers. */
export class KubeClient extends ObjectsClient implements KubeApi {
  #evictionVersion = EVICTION

  constructor(endpoints: readonly KubeEndpoint[], credentials: KubeCredentials) {
    super(new EndpointPool(endpoints, credentials))
  }

  async version(signal?: AbortSignal): Promise<string> {
    const what = 'ask for the version'
    const said = await this.rest.json<{ gitVersion: string }>({
      method: 'GET',
      path: '/version',
      what,
      signal,
    })
    return said.gitVersion
  }

  async ready(signal?: AbortSignal): Promise<{ ok: boolean; detail: string }> {
    const question = { method: 'GET', what: 'ask whether the API is ready', signal } as const
    try {
      const { status } = await this.rest.send({ ...question, path: '/readyz', accept: [404] })
      if (status === 404) await this.rest.send({ ...question, path: BEFORE_READYZ })
      return { ok: true, detail: 'ok' }
    } catch (error) {
      if (error instanceof ApiError) return { ok: false, detail: error.message }
      throw error
    }
  }

  servedKinds(names: readonly string[], signal?: AbortSignal): Promise<readonly ServedKind[]> {
    return servedKinds(this.rest, names, signal)
  }

  async listNodes(signal?: AbortSignal): Promise<readonly KubeNode[]> {
    return (await this.list<NodeObject>(NODE, signal)).map(toKubeNode)
  }

  async getNode(name: string, signal?: AbortSignal): Promise<KubeNode | undefined> {
    const node = await this.read<NodeObject>({ ...NODE, name }, signal)
    return node === undefined ? undefined : toKubeNode(node)
  }

  async patchNode(name: string, patch: NodePatch, signal?: AbortSignal): Promise<KubeNode> {
    const options = signal === undefined ? {} : { signal }
    return toKubeNode(await this.patch({ ...NODE, name }, nodeMergePatch(patch), options))
  }

  deleteNode(name: string, signal?: AbortSignal): Promise<void> {
    return this.delete({ ...NODE, name }, signal === undefined ? {} : { signal })
  }

  listPods(
    query: Omit<ListQuery, 'apiVersion' | 'kind'> = {},
    signal?: AbortSignal,
  ): Promise<readonly Pod[]> {
    return this.list<Pod>({ apiVersion: 'v1', kind: 'Pod', ...query }, signal)
  }

  async podLogs(
    { namespace, name }: { readonly namespace: string; readonly name: string },
    { tail = 20, signal }: { readonly tail?: number; readonly signal?: AbortSignal } = {},
  ): Promise<string> {
    const path = `${podPath(namespace, name)}/log`
    const what = `read the log of pod ${namespace}/${name}`
    const reply = await this.rest.send({ method: 'GET', path, query: { tailLines: `${tail}` }, what, signal })
    return reply.body
  }

  async evict(
    { namespace, name }: { readonly namespace: string; readonly name: string },
    {
      gracePeriodSeconds,
      signal,
    }: { readonly gracePeriodSeconds?: number; readonly signal?: AbortSignal } = {},
  ): Promise<EvictionResult> {
    const deleteOptions = gracePeriodSeconds === undefined ? {} : { deleteOptions: { gracePeriodSeconds } }
    const request = {
      method: 'POST',
      path: `${podPath(namespace, name)}/eviction`,
      // Evicting a pod that is terminating already does no harm.
      onRepeat: () => {},
      what: `evict pod ${namespace}/${name}`,
      signal,
    } as const
    const body = { kind: 'Eviction', metadata: { namespace, name }, ...deleteOptions }
    const send = (accept: readonly number[]) =>
      this.rest.send({ ...request, accept, body: { apiVersion: this.#evictionVersion, ...body } })
    const isOld = this.#evictionVersion !== EVICTION
    let reply = await send(isOld ? [404, 429] : [400, 404, 429])
    if (reply.status === 400) {
      this.#evictionVersion = EVICTION_BEFORE
      reply = await send([404, 429])
    }
    return reply.status === 404 ? 'gone' : reply.status === 429 ? 'blocked' : 'evicted'
  }
}

function podPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`
}
