import type { KubeApi } from '../client/kube-api.ts'
import { refOf } from '../objects/kube-object.ts'
import { belongsToNode, podsOn } from './pods-to-evict.ts'

/**
 * Deletes the pods that are still bound to a Node that was deleted, so that others run in their place at once: Kubernetes
 * does so by itself only after 40 s. They have the time that is theirs to end.
 */
export async function deletePodsOf(kube: KubeApi, nodeName: string, signal?: AbortSignal): Promise<void> {
  const pods = await podsOn(kube, nodeName, signal)
  await Promise.all(
    pods.map((pod) =>
      kube.delete(refOf(pod), {
        ...(belongsToNode(pod) ? { gracePeriodSeconds: 0 } : {}),
        ...(signal !== undefined && { signal }),
      }),
    ),
  )
}
