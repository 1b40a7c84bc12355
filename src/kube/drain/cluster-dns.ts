import { DeadlineError } from '../../errors.ts'
import { poll } from '../../poll.ts'
import { realTime } from '../../time.ts'
import type { KubeApi } from '../client/kube-api.ts'
import { CORDONED_ANNOTATION } from '../objects/cordoned.ts'
import { type KubeNode, type Pod, refOf } from '../objects/kube-object.ts'
import { waitingReason } from '../objects/pod-trouble.ts'
import { roleLabel } from '../objects/role-label.ts'
import { dnsServers, hasDnsAutoscaler, wantedServers } from './dns-servers.ts'
import { type EvictionWait, untilPodsMayGo } from './drain.ts'
import { evictAll } from './evict.ts'
import { isServing } from './pods-to-evict.ts'

/** The image may have to be pulled first. */
const READY_MS = 300_000
/** The autoscaler checks every ten seconds whether a larger cluster needs a second server. */
const GROWS_MS = 30_000

export interface MoveOptions extends EvictionWait {
  /** Seconds; negative: the pods' own. */
  readonly gracePeriod: number
  readonly deadlineMs: number
}

/**
 * Moves the cluster DNS servers off a cordoned node, one after the other, those that serve when another one is Ready, and waits
 * until as many are Ready as before. They have no disruption budget, and all may be on this node. Does nothing if no
 * other node can run them. A single server is down while the next one starts.
 */
export async function moveClusterDns(kube: KubeApi, nodeName: string, options: MoveOptions): Promise<void> {
  const { signal, time = realTime, deadlineMs } = options
  const nodes = (await kube.listNodes(signal)).filter(({ name }) => name !== nodeName)
  const before = await dnsServers(kube, signal)
  const moving = before.filter(({ spec }) => spec?.nodeName === nodeName)
  if (moving.length === 0 || !nodes.some(takesServers)) return
  await untilPodsMayGo(kube, options)
  await replaceLost(kube, before, nodes, signal)
  const isAlone = (await wantedSoon(kube, options)) === 1
  // One that serves nobody is missed by nobody, and the next one needs its place.
  for (const pod of moving.toSorted((a, b) => Number(isServing(a)) - Number(isServing(b)))) {
    const isOther = ({ metadata }: Pod): boolean => metadata.uid !== pod.metadata.uid
    const isMissed = (await dnsServers(kube, signal)).some((one) => !isOther(one) && isServing(one))
    if (!isAlone && isMissed) await untilReady(kube, options, (ready) => ready.some(isOther))
    options.onProgress?.(`evicting ${pod.metadata.name}`)
    const limit = time.limit(deadlineMs)
    await evictAll(kube, nodeName, [pod], { ...options, limit })
  }
  const wanted = Math.min(before.filter(isServing).length, await wantedServers(kube, signal))
  await untilReady(kube, options, (ready) => ready.length >= Math.max(1, wanted))
}

/** The wanted number of servers. After scale-out an autoscaler soon adds a second one. */
async function wantedSoon(kube: KubeApi, { signal, time, onProgress }: MoveOptions): Promise<number> {
  const now = await wantedServers(kube, signal)
  if (now > 1 || !(await hasDnsAutoscaler(kube, signal))) return now
  const wait = { what: 'a second server of the cluster DNS', deadlineMs: GROWS_MS, signal, time }
  try {
    return await poll({ ...wait, onWait: onProgress }, async (either) => {
      const wanted = await wantedServers(kube, either)
      return wanted > 1
        ? { done: wanted }
        : { waiting: 'waiting whether the autoscaler of the cluster DNS wants a second server' }
    })
  } catch (error) {
    if (error instanceof DeadlineError) return now
    throw error
  }
}

async function untilReady(
  kube: KubeApi,
  { signal, time, onProgress }: MoveOptions,
  test: (ready: readonly Pod[]) => boolean,
): Promise<void> {
  const wait = {
    what: 'another server of the cluster DNS to be Ready',
    hint: 'see why with "kubectl -n kube-system describe pod -l k8s-app=kube-dns"; --no-drain does not wait for it',
    deadlineMs: READY_MS,
  }
  await poll({ ...wait, signal, time, onWait: onProgress }, async (either) => {
    const all = await dnsServers(kube, either)
    if (test(all.filter(isServing))) return { done: undefined }
    const reasons = all.filter((pod) => !isServing(pod)).flatMap((pod) => waitingReason(pod) ?? [])
    return { waiting: ['waiting until another server of the cluster DNS is Ready', ...reasons].join(': ') }
  })
}

/** Their affinity requires workers. */
function takesServers({ ready, unschedulable, labels, annotations }: KubeNode): boolean {
  return (
    ready && !unschedulable && roleLabel('worker') in labels && annotations[CORDONED_ANNOTATION] === undefined
  )
}

/** Servers on dead nodes: they tolerate everything, so Kubernetes never deletes them. */
async function replaceLost(
  kube: KubeApi,
  all: readonly Pod[],
  nodes: readonly KubeNode[],
  signal?: AbortSignal,
): Promise<void> {
  const dead = nodes.filter(({ ready }) => !ready).map(({ name }) => name)
  const lost = all.filter((pod) => !isServing(pod) && dead.includes(pod.spec?.nodeName ?? ''))
  const options = signal === undefined ? {} : { signal }
  await Promise.all(lost.map((pod) => kube.delete(refOf(pod), options)))
}
