import { DeadlineError, KubeError } from '../../../src/errors.ts'
import { ApiError } from '../../../src/kube/client/api-error.ts'
import type {
  EvictionResult,
  KubeApi,
  ListQuery,
  Page,
  WaitOptions,
} from '../../../src/kube/client/kube-api.ts'
import {
  type KubeObject,
  type ObjectRef,
  type Pod,
  refOf,
  refText,
} from '../../../src/kube/objects/kube-object.ts'
import { nodeMergePatch } from '../../../src/kube/objects/node-merge-patch.ts'
import { resourceName } from '../../../src/kube/objects/resource-names.ts'
import { type NodeObject, toKubeNode } from '../../../src/kube/objects/to-kube-node.ts'
import type { Time } from '../../../src/time.ts'
import { RESOURCES } from '../kube-resources.ts'
import { matches } from '../kube-routes.ts'
import { type KubeStore, StatusError } from '../kube-store.ts'
import { sealed, unsealed } from '../sealed-secrets.ts'
import type { SimMachine } from '../sim-machine.ts'
import type { DirectRun } from './direct-run.ts'

const NODE = { apiVersion: 'v1', kind: 'Node' } as const

/** The Kubernetes API through the first of these machines whose API server answers, without a connection. */
export function directKube(run: DirectRun, machines: readonly SimMachine[], time: Time): KubeApi {
  if (!machines.some(answers)) throw new KubeError('no control plane node answers as Kubernetes API')

  const ask = async <T>(
    method: string,
    what: string,
    act: (store: KubeStore, machine: SimMachine, encryption: string) => T,
  ): Promise<T> => {
    const machine = machines.find(answers)
    if (machine === undefined) throw new ApiError(`${method} ${what}: no API server answers`)
    try {
      return await run.ask(machine, 'kube', [method, what], () => {
        const store = machine.apiServer?.store()
        if (store === undefined) throw new StatusError(500, 'InternalError', 'etcd failed')
        return act(store, machine, machine.apiServer?.encryption ?? '')
      })
    } catch (thrown) {
      if (!(thrown instanceof StatusError)) throw thrown
      const { status, reason, message } = thrown
      throw new ApiError(`${method} ${what}: ${message}`, { status, reason })
    }
  }

  const list = <T extends KubeObject>(query: ListQuery): Promise<readonly T[]> =>
    ask('GET', query.kind, (store, _machine, encryption) => {
      const { apiVersion, kind, namespace, labelSelector = null, fieldSelector = null } = query
      const all = store.list(apiVersion, kind, namespace)
      const chosen = all.filter((object) => matches(object, labelSelector, fieldSelector)) as T[]
      return unsealed(store, chosen, encryption)
    })

  const read = <T extends KubeObject>(ref: ObjectRef): Promise<T | undefined> =>
    ask('GET', refText(ref), (store, _machine, encryption) => {
      const found = store.answer<T>(ref)
      return found && unsealed(store, [found], encryption)[0]
    })

  /** Writes an object; one that cannot be read cannot be changed. */
  const write = <T extends KubeObject>(
    method: string,
    ref: ObjectRef,
    act: (store: KubeStore) => T,
  ): Promise<T> =>
    ask(method, refText(ref), (store, _machine, encryption) => {
      const before = store.get(ref)
      if (before !== undefined) unsealed(store, [before], encryption)
      return sealed(store, act(store), encryption)
    })

  const remove = (ref: ObjectRef, propagation?: string): Promise<void> =>
    ask('DELETE', refText(ref), (store) => {
      if (store.get(ref) !== undefined) store.delete(ref, propagation)
    })

  const waitForList = async <T extends KubeObject>(
    query: ListQuery,
    test: (objects: readonly T[]) => boolean,
    { what, deadlineMs, signal }: WaitOptions,
  ): Promise<readonly T[]> => {
    const limit = time.limit(deadlineMs)
    const either = AbortSignal.any([run.signal, limit, ...(signal === undefined ? [] : [signal])])
    for (let pause = 10; ; pause = Math.min(pause * 2, 20_000)) {
      try {
        const found = await list<T>(query)
        if (test(found)) return found
      } catch (thrown) {
        if (!(thrown instanceof ApiError)) throw thrown
      }
      await time.pause(pause, either).catch((reason: unknown) => {
        throw limit.aborted ? new DeadlineError(`waited in vain for ${what}`) : reason
      })
    }
  }

  return {
    version: () => ask('GET', 'version', (_store, machine) => machine.apiServer?.version ?? ''),
    ready: async () => ({ ok: machines.some(answers), detail: '' }),
    servedKinds: () =>
      ask('GET', 'apis', () =>
        RESOURCES.map(({ apiVersion, kind, plural }) => ({
          apiVersion,
          kind,
          resource: resourceName(plural, apiVersion),
        })),
      ),
    listNodes: async () => (await list<NodeObject>(NODE)).map(toKubeNode),
    getNode: async (name) => {
      const found = await read<NodeObject>({ ...NODE, name })
      return found === undefined ? undefined : toKubeNode(found)
    },
    patchNode: (name, patch) =>
      ask('PATCH', `Node ${name}`, (store) =>
        toKubeNode(store.patch({ ...NODE, name }, nodeMergePatch(patch)) as NodeObject),
      ),
    deleteNode: (name) => remove({ ...NODE, name }),
    read,
    list,
    listPage: async <T extends KubeObject>(query: ListQuery): Promise<Page<T>> => ({
      items: await list<T>(query),
      resourceVersion: '0',
    }),
    create: (object) => write('POST', refOf(object), (store) => store.create(object) as typeof object),
    replace: (object) => write('PUT', refOf(object), (store) => store.replace(object) as typeof object),
    patch: (ref, patch) => write('PATCH', ref, (store) => store.patch(ref, patch)),
    delete: (ref, { propagation } = {}) => remove(ref, propagation),
    waitFor: async <T extends KubeObject>(
      ref: ObjectRef,
      test: (object: T | undefined) => boolean,
      options: WaitOptions,
    ) => {
      const { apiVersion, kind, namespace, name } = ref
      const query = {
        apiVersion,
        kind,
        fieldSelector: `metadata.name=${name}`,
        ...(namespace !== undefined && { namespace }),
      }
      return (await waitForList<T>(query, ([object]) => test(object), options))[0]
    },
    waitForList,
    listPods: (query = {}) => list<Pod>({ apiVersion: 'v1', kind: 'Pod', ...query }),
    podLogs: async () => '',
    evict: ({ namespace, name }) =>
      ask('POST', `Eviction ${namespace}/${name}`, (store): EvictionResult => {
        const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name }
        if (store.get(ref) === undefined) return 'gone'
        store.delete(ref)
        return 'evicted'
      }),
    close: async () => {},
  }
}

function answers({ reachable, apiServer }: SimMachine): boolean {
  return reachable && apiServer?.store() !== undefined
}
