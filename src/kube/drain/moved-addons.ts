import { poll } from '../../poll.ts'
import type { Time } from '../../time.ts'
import type { KubeApi } from '../client/kube-api.ts'
import { isSelected } from '../objects/is-selected.ts'
import { type Deployment, type Pod, refOf } from '../objects/kube-object.ts'
import { waitingReason } from '../objects/pod-trouble.ts'
import { isServing } from './pods-to-evict.ts'

/** The namespace of the add-ons. */
const NAMESPACES = ['kube-system', 'ingress-nginx']
/** Images may have to be pulled first. */
const READY_MS = 300_000

/** The add-on Deployments whose pods are all Ready, with at least one of them on this node. */
export async function addonsOn(
  kube: KubeApi,
  nodeName: string,
  signal?: AbortSignal,
): Promise<readonly Deployment[]> {
  const found = NAMESPACES.map(async (namespace) => {
    const query = { apiVersion: 'apps/v1', kind: 'Deployment', namespace }
    const [deployments, pods] = await Promise.all([
      kube.list<Deployment>(query, signal),
      kube.listPods({ namespace }, signal),
    ])
    return deployments.filter((deployment) => {
      const own = pods.filter((pod) => isSelected(deployment, pod.metadata.labels))
      return isWhole(deployment, own) && own.some(({ spec }) => spec?.nodeName === nodeName)
    })
  })
  return (await Promise.all(found)).flat()
}

/** Waits until all their pods are Ready again, as far as some node can run them. */
export async function untilAddonsAreBack(
  kube: KubeApi,
  addons: readonly Deployment[],
  wait: {
    readonly signal?: AbortSignal | undefined
    readonly time?: Time | undefined
    readonly onProgress?: ((text: string) => void) | undefined
  },
): Promise<void> {
  const { signal, time, onProgress } = wait
  await Promise.all(
    addons.map(async (addon) => {
      const { name, namespace = '' } = addon.metadata
      const options = {
        what: `addon ${name} to be Ready elsewhere`,
        hint: `see why with "kubectl -n ${namespace} describe deployment ${name}"; --no-drain does not wait for it`,
        deadlineMs: READY_MS,
      }
      await poll({ ...options, signal, time, onWait: onProgress }, async (either) => {
        const now = await kube.read<Deployment>(refOf(addon), either)
        if (now === undefined) return { done: undefined }
        const pods = (await kube.listPods({ namespace }, either)).filter((pod) =>
          isSelected(now, pod.metadata.labels),
        )
        if (isWhole(now, pods) || pods.some(hasNoPlace)) return { done: undefined }
        const reasons = pods.flatMap((pod) => waitingReason(pod) ?? [])
        return { waiting: [`waiting until addon ${name} is Ready elsewhere`, ...reasons].join(': ') }
      })
    }),
  )
}

function isWhole({ spec }: Deployment, pods: readonly Pod[]): boolean {
  return pods.filter(isServing).length >= (spec?.replicas ?? 1)
}

/** The scheduler has found no node for it: waiting does not change that. */
function hasNoPlace({ status }: Pod): boolean {
  return (
    status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable') ??
    false
  )
}
