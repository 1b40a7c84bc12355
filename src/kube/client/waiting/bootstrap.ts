import { type PollOptions, poll } from '../../../poll.ts'
import { type ObjectRef, refText } from '../../objects/kube-object.ts'
import { isTransient } from '../api-error.ts'
import type { KubeApi } from '../kube-api.ts'
import type { KubeWait } from './kube-wait.ts'

/** What is about to be created: objects of `kube-system`, or pods. */
export type Creating = 'objects' | 'pods'

interface Bootstrap {
  readonly objects: readonly ObjectRef[]
  /** The component that creates them. */
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

/** Covers the start of an API server on a slow machine. */
const READY_MS = 20_000
/** An API server that failed to create a namespace retries after a minute. */
const DEADLINE_MS = 150_000
/** It usually takes a second or two. */
const FIRST_PAUSE_MS = 50

/**
 * Waits until a responding API server is ready: before, it may refuse requests because it has not loaded its RBAC
 * rules.
 * @throws DeadlineError with what is missing.
 */
export function waitForReady(kube: KubeApi, wait: KubeWait = {}): Promise<void> {
  const what = 'the Kubernetes API to be ready'
  return until({ what, deadlineMs: READY_MS }, wait, (signal) => unready(kube, signal))
}

/**
 * Waits until a new cluster has its built-in objects. An API server with an empty etcd responds seconds before it has
 * created its roles (`/readyz` covers those), namespaces and Service: until then objects of a namespace are refused
 * (404). Pods are refused without their ServiceAccount, which the controller manager creates, and find the API by the
 * Service that existed when they started.
 * @throws DeadlineError with what is missing.
 */
export async function waitForBootstrap(
  kube: KubeApi,
  creating: Creating,
  wait: KubeWait = {},
): Promise<void> {
  for (const { objects, by } of NEEDS[creating]) {
    const left = [...objects]
    const what = `${by} to create the built-in objects`
    const hint = `see why with "docker logs ${by}" on the control plane nodes, then run the same command again`
    await until({ what, hint, deadlineMs: DEADLINE_MS }, wait, async (signal) => {
      return (await unready(kube, signal)) ?? missing(kube, left, signal)
    })
  }
}

/** Polls until nothing is missing. */
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

/** The first missing object; those found are removed from the list. */
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
