import type { KubeNode, Pod } from '../objects/kube-object.ts'
import { nodeMergePatch } from '../objects/node-merge-patch.ts'
import type { ServedKind } from '../objects/resource-names.ts'
import { type NodeObject, toKubeNode } from '../objects/to-kube-node.ts'
import { ApiError } from './api-error.ts'
import { EndpointPool, type KubeCredentials, type KubeEndpoint } from './endpoint-pool.ts'
import type { EvictionResult, KubeApi, ListQuery, NodePatch } from './kube-api.ts'
import { ObjectsClient } from './objects-client.ts'
import { servedKinds } from './served-kinds.ts'

const NODE = { apiVersion: 'v1', kind: 'Node' } as const

/** A client of one cluster's Kubernetes API, through any control plane node that answers. */
export class KubeClient extends ObjectsClient implements KubeApi {
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
    try {
      await this.rest.send({ method: 'GET', path: '/readyz', what: 'ask whether the API is ready', signal })
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
    const reply = await this.rest.send({
      method: 'POST',
      path: `${podPath(namespace, name)}/eviction`,
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name }, ...deleteOptions },
      accept: [404, 429],
      // Evicting a pod that is terminating already does no harm.
      onRepeat: () => {},
      what: `evict pod ${namespace}/${name}`,
      signal,
    })
    return reply.status === 404 ? 'gone' : reply.status === 429 ? 'blocked' : 'evicted'
  }
}

function podPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`
}
