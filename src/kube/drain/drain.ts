import { realTime } from '../../time.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeWait } from '../client/waiting/kube-wait.ts'
import type { Pod } from '../objects/kube-object.ts'
import { evictAll } from './evict.ts'
import { controllerOf, type EvictionRules, podsToEvict } from './pods-to-evict.ts'
import { waitForControllers } from './wait-for-controllers.ts'

export interface EvictionWait extends KubeWait {
  /** Called before the first eviction; gets the holder of the controller managers' lease. */
  readonly before?: ((leader: string | undefined) => Promise<void>) | undefined
}

/** `node_drain_input` of cluster.yml. */
export interface DrainOptions extends EvictionRules, EvictionWait {
  /** Seconds; negative: the pod's own. */
  readonly gracePeriod: number
  readonly deadlineMs: number
}

/**
 * Evicts the pods of a node as `kubectl drain` does, waits until they are gone, and continues with pods that were
 * created meanwhile, except those of controllers that create them here again. The node must be cordoned already.
 * Refuses before the first eviction if a pod may not be evicted with these options, and first waits for a working
 * controller manager, which removes evicted pods from their Services.
 */
export async function drain(kube: KubeApi, nodeName: string, options: DrainOptions): Promise<void> {
  if ((await podsToEvict(kube, nodeName, options)).length === 0) return
  const { deadlineMs, time = realTime } = options
  await untilPodsMayGo(kube, options)
  const limit = time.limit(deadlineMs)
  const evicted = new Set<string>()
  for (;;) {
    const all = await podsToEvict(kube, nodeName, options)
    const pods = all.filter((pod) => !evicted.has(makerOf(pod)))
    if (pods.length === 0) return
    options.onProgress?.(`evicting ${pods.length} pods`)
    await evictAll(kube, nodeName, pods, { ...options, limit })
    for (const pod of pods) evicted.add(makerOf(pod))
  }
}

/** Waits for a controller manager that removes evicted pods from their Services. */
export async function untilPodsMayGo(kube: KubeApi, options: EvictionWait): Promise<void> {
  const leader = await waitForControllers(kube, options)
  await options.before?.(leader)
}

/** What recreates a pod: the UID of its controller, or of the pod itself if it has none. */
function makerOf(pod: Pod): string {
  return controllerOf(pod)?.uid ?? pod.metadata.uid ?? pod.metadata.name
}
