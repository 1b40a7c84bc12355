import type { IncomingMessage, ServerResponse } from 'node:http'
import { type KubeObject, type ObjectRef, refText } from '../../src/kube/objects/kube-object.ts'
import { groupOf } from '../../src/kube/objects/resource-names.ts'
import type { SimCall } from './calls.ts'
import { type Handler, isRecord, readJson, sendJson } from './http.ts'
import { parsePath, RESOURCES, type ResourcePath } from './kube-resources.ts'
import { type KubeStore, StatusError } from './kube-store.ts'
import { connectToKubelet } from './kubelet-reach.ts'
import { reviewed } from './published-trust.ts'
import { sealed, unsealed } from './sealed-secrets.ts'
import type { SimMachine } from './sim-machine.ts'

export interface ApiServer {
  readonly machine: SimMachine
  /** Such as `v1.30.4`. */
  readonly version: string
  /** The objects; `undefined` while no etcd member is well. */
  readonly store: () => KubeStore | undefined
  /** Name and groups of the client at the other end of a socket. */
  readonly groupsOf: (socket: unknown) => readonly string[]
}

const HEALTH = ['/healthz', '/readyz', '/livez']

/** Answers the requests to one API server. Only administrators may do more than ask and read. */
export function kubeHandler(server: ApiServer): Handler {
  const { world, address } = server.machine
  return async (request, reply) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://kubernetes')
    const call: SimCall = { machine: address, service: 'kube', method: request.method ?? '', path: pathname }
    world.calls.push(call)
    const asked = { body: await readJson(request), query: searchParams, request, reply }
    const answer = attempt(server, call, asked)
    if (answer === undefined) return
    world.hooks.after?.(call)
    if (typeof answer.value === 'string') reply.writeHead(answer.status ?? 200).end(answer.value)
    else sendJson(reply, answer.value, answer.status)
  }
}

/** What a request gives, a refusal included; nothing for a watch, which goes on by itself. */
function attempt(server: ApiServer, call: SimCall, asked: Asked): Answer | undefined {
  try {
    server.machine.world.hooks.before?.(call)
    const store = server.store()
    if (store === undefined) throw new StatusError(500, 'InternalError', 'etcd failed: reason withheld')
    if (HEALTH.includes(call.path)) return { value: 'ok' }
    if (!mayDo(store, call, server.groupsOf(asked.request.socket))) {
      throw new StatusError(403, 'Forbidden', `forbidden: ${call.path}`)
    }
    return respond(store, server, call, asked)
  } catch (thrown) {
    const { status = 500, reason = 'InternalError', message } = thrown as Partial<StatusError> & Error
    const told = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code: status }
    return { value: told, status }
  }
}

/** Kubelets may read what pods mount, once the group of all of them is bound to its role. */
function mayDo(store: KubeStore, { method, path }: SimCall, groups: readonly string[]): boolean {
  if (groups.includes('system:masters')) return true
  if (method !== 'GET' || !groups.includes('system:nodes')) return false
  if (path === '/version' || RESOURCES.some(({ apiVersion }) => path === groupPath(apiVersion))) return true
  const { apiVersion, kind, name } = NODE_BINDING
  const subjects = JSON.stringify(store.get({ apiVersion, kind, name }) ?? {})
  const asked = parsePath(path)?.resource.kind ?? ''
  return subjects.includes('"system:nodes"') && ['Secret', 'ConfigMap', 'Node', 'Pod'].includes(asked)
}

const NODE_BINDING = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  name: 'system:node',
}

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']

const VERSIONS = [...new Set(RESOURCES.map(({ apiVersion }) => apiVersion))].filter((one) => one !== 'v1')

/** The first version of a group is the preferred one. */
const GROUPS = [...new Set(VERSIONS.map(groupOf))].map((name) => {
  const versions = VERSIONS.filter((one) => groupOf(one) === name).map((groupVersion) => ({ groupVersion }))
  return { name, versions, preferredVersion: versions[0] }
})

interface Asked {
  readonly body: Readonly<Record<string, unknown>>
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly reply: ServerResponse
}

interface Answer {
  readonly value: unknown
  readonly status?: number
}

function respond(store: KubeStore, server: ApiServer, call: SimCall, asked: Asked): Answer | undefined {
  if (call.path === '/version') return { value: versionInfo(server.version) }
  if (call.path === '/apis') return { value: { groups: GROUPS } }
  const group = RESOURCES.filter(({ apiVersion }) => call.path === groupPath(apiVersion))
  if (group.length > 0)
    return {
      value: { resources: group.map(({ plural, ...rest }) => ({ name: plural, verbs: VERBS, ...rest })) },
    }
  const kubelet = /^\/api\/v1\/nodes\/([^/]+)\/proxy\//.exec(call.path)?.[1]
  if (kubelet !== undefined) return throughKubelet(server, kubelet)
  const at = parsePath(call.path)
  if (at === undefined) throw new StatusError(404, 'NotFound', `no such path: ${call.path}`)
  if (at.subresource === 'log') return { value: {} }
  if (at.subresource === 'eviction') return { value: store.delete(refOf(at)), status: 201 }
  if (at.resource.kind === 'TokenReview') return { value: reviewed(asked.body, server.machine), status: 201 }
  const encryption = server.machine.apiServer?.encryption ?? ''
  if (at.name === undefined) return collection(store, at, call, asked, encryption)
  const ref = refOf(at)
  const before = store.get(ref)
  if (before !== undefined) unsealed(store, [before], encryption)
  switch (call.method) {
    case 'GET': {
      const found = store.answer(ref)
      if (found === undefined) throw new StatusError(404, 'NotFound', `${refText(ref)} not found`)
      return { value: found }
    }
    case 'PATCH':
      return { value: sealed(store, store.patch(ref, asked.body), encryption) }
    case 'PUT':
      return { value: sealed(store, store.replace(asObject(at, asked.body)), encryption) }
    case 'DELETE':
      return { value: store.delete(ref, asked.query.get('propagationPolicy') ?? undefined) }
    default:
      throw new StatusError(405, 'MethodNotAllowed', call.method)
  }
}

/** What the kubelet of a node says of a path that it does not have. */
function throughKubelet({ machine }: ApiServer, node: string): Answer {
  const refusal = connectToKubelet(machine, node)
  if (refusal !== undefined) throw new StatusError(500, 'InternalError', refusal)
  return { value: '404 page not found', status: 404 }
}

/** As `kube-apiserver` of a release tells it. */
function versionInfo(gitVersion: string): Readonly<Record<string, string>> {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? []
  return {
    major,
    minor,
    gitVersion,
    gitCommit: 'a51b3b711150f57ffc1f526a640ec058514ed596',
    gitTreeState: 'clean',
    buildDate: '2024-08-14T19:02:46Z',
    goVersion: 'go1.22.5',
    compiler: 'gc',
    platform: 'linux/amd64',
  }
}

function refOf({ resource: { apiVersion, kind }, namespace, name = '' }: ResourcePath): ObjectRef {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) }
}

function collection(
  store: KubeStore,
  at: ResourcePath,
  call: SimCall,
  asked: Asked,
  encryption: string,
): Answer | undefined {
  const { apiVersion, kind } = at.resource
  if (call.method === 'POST') {
    return { value: sealed(store, store.create(asObject(at, asked.body)), encryption), status: 201 }
  }
  if (call.method !== 'GET') throw new StatusError(405, 'MethodNotAllowed', call.method)
  const chosen = (object: KubeObject): boolean =>
    object.apiVersion === apiVersion &&
    object.kind === kind &&
    (at.namespace === undefined || object.metadata.namespace === at.namespace) &&
    matches(object, asked.query.get('labelSelector'), asked.query.get('fieldSelector'))
  if (asked.query.get('watch') !== 'true') {
    const items = unsealed(store, store.list(apiVersion, kind).filter(chosen), encryption)
    return {
      value: {
        kind: `${kind}List`,
        apiVersion,
        metadata: { resourceVersion: String(store.revision) },
        items,
      },
    }
  }
  const { reply, query } = asked
  reply.writeHead(200, { 'content-type': 'application/json' })
  reply.flushHeaders()
  const stop = store.watch(Number(query.get('resourceVersion')), ({ type, object }) => {
    if (chosen(object)) reply.write(`${JSON.stringify({ type, object })}\n`)
  })
  reply.once('close', stop)
  return undefined
}

function asObject(
  { resource, namespace }: ResourcePath,
  body: Readonly<Record<string, unknown>>,
): KubeObject {
  const { apiVersion, kind } = resource
  const metadata = isRecord(body.metadata) ? body.metadata : {}
  const inNamespace = namespace === undefined ? {} : { namespace }
  return { ...body, apiVersion, kind, metadata: { ...metadata, name: String(metadata.name), ...inNamespace } }
}

/** Whether an object is chosen by its labels and its fields. */
export function matches(
  object: KubeObject,
  labelSelector: string | null,
  fieldSelector: string | null,
): boolean {
  return allEqual(object.metadata.labels ?? {}, labelSelector) && allEqual(fieldsOf(object), fieldSelector)
}

/** `a=b,c=d`: equalities are all that is asked for. */
function allEqual(values: Readonly<Record<string, unknown>>, selector: string | null): boolean {
  const terms = (selector ?? '').split(',').filter((term) => term !== '')
  return terms.every((term) => {
    const [key = '', value = ''] = term.split('=')
    return values[key] === value
  })
}

function fieldsOf(object: KubeObject): Record<string, unknown> {
  const spec: unknown = Reflect.get(object, 'spec')
  return {
    type: Reflect.get(object, 'type'),
    'metadata.name': object.metadata.name,
    'metadata.namespace': object.metadata.namespace,
    ...(isRecord(spec) && { 'spec.nodeName': spec.nodeName }),
  }
}

const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
