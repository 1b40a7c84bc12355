import { type PollOptions, poll } from '../../poll.ts'
import { type ObjectRef, refText } from '../objects/kube-object.ts'
import { isTransient } from './api-error.ts'
import type { KubeApi } from './kube-api.ts'
import type { KubeWait } from './kube-wait.ts'

/** What somebody is about to create: objects of `kube-system`, or pods. */
export type Creating = 'objects' | 'pods'

interface Bootstrap {
  readonly objects: readonly ObjectRef[]
  /** The component that makes them. */
  readonly by: string
}

const account = (namespace: string): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  namespace,
  name: 'default',
})

const BY_API_SERVER: Bootstrap = {
  objects: [
    { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' },
    { apiVersion: 'v1', kind: 'Namespace', name: 'default' },
    { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'kubernetes' },
  ],
  by: 'kube-apiserver',
}

const BY_CONTROLLERS: Bootstrap = {
  objects: [account('kube-system'), account('default')],
  by: 'kube-controller-manager',
}

const NEEDS: Readonly<Record<Creating, readonly Bootstrap[]>> = {
  objects: [BY_API_SERVER],
  pods: [BY_API_SERVER, BY_CONTROLLERS],
}

/** As long as an API server that was just started needs, on a slow machine. */
const READY_MS = 20_000
/** An API server that failed to make a namespace tries again after a minute. */
const DEADLINE_MS = 150_000
/** A second or two is what it takes. */
const FIRST_PAUSE_MS = 50

/**
 * Waits until an API server that answers is ready: before, it may refuse what it has not read yet who may do.
 * @throws DeadlineError that says what it lacks.
 */
export function waitForReady(kube: KubeApi, wait: KubeWait = {}): Promise<void> {
  const what = 'the Kubernetes API to be ready'
  return until({ what, deadlineMs: READY_MS }, wait, (signal) => unready(kube, signal))
}

/**
 * Waits until a cluster has what every cluster has before something is created in it. An API server over an empty etcd
 * answers seconds before it has made its roles (`/readyz` covers those), namespaces and Service: till then objects of a
 * namespace are refused (404). Pods are refused without their ServiceAccount, which the controller manager makes, and find the API
 * by the Service that was there when they started.
 * @throws DeadlineError that names what is missing.
 */
export async function waitForBootstrap(
  kube: KubeApi,
  creating: Creating,
  wait: KubeWait = {},
): Promise<void> {
  for (const { objects, by } of NEEDS[creating]) {
    const left = [...objects]
    const what = `${by} to make what every cluster has`
    const hint = `see why with "docker logs ${by}" on the control plane nodes, then run the same command again`
    await until({ what, hint, deadlineMs: DEADLINE_MS }, wait, async (signal) => {
      return (await unready(kube, signal)) ?? missing(kube, left, signal)
    })
  }
}

/** Looks until there is no trouble any more. */
function until(
  limit: Pick<PollOptions, 'what' | 'hint' | 'deadlineMs'>,
  { signal, onProgress, time }: KubeWait,
  look: (signal: AbortSignal) => Promise<string | undefined>,
): Promise<void> {
  const onWait = onProgress && ((reason: string) => onProgress(`waiting: ${reason}`))
  return poll({ ...limit, firstPauseMs: FIRST_PAUSE_MS, signal, time, onWait }, async (either) => {
    const trouble = await look(either)
    return trouble === undefined ? { done: undefined } : { waiting: trouble }
  })
}

async function unready(kube: KubeApi, signal: AbortSignal): Promise<string | undefined> {
  const { ok, detail } = await kube.ready(signal)
  return ok ? undefined : `the Kubernetes API is not ready: ${detail}`
}

/** The first thing that is missing, in words; what was seen is taken off the list. */
async function missing(kube: KubeApi, left: ObjectRef[], signal: AbortSignal): Promise<string | undefined> {
  for (let [ref] = left; ref !== undefined; [ref] = left) {
    try {
      if ((await kube.read(ref, signal)) === undefined) return `there is no ${refText(ref)} yet`
    } catch (error) {
      if (!isTransient(error)) throw error
      return error.message
    }
    left.shift()
  }
  return undefined
}
