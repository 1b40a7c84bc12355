import { poll } from '../poll.ts'
import type { Time } from '../time.ts'
import type { KubeApi } from './kube-api.ts'
import type { KubeObject, ObjectRef } from './kube-object.ts'

/** Renewed every two seconds by the one controller manager of all that works (leader election). */
const LEADER: ObjectRef = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'kube-system',
  name: 'kube-controller-manager',
}
/** A leader that has gone is replaced after 15 s. */
const DEADLINE_MS = 60_000

interface Lease extends KubeObject {
  readonly spec?: { readonly holderIdentity?: string; readonly renewTime?: string }
}

export interface ControllerWait {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((text: string) => void) | undefined
  readonly time?: Time | undefined
}

/**
 * Waits until a controller manager is seen at work: one that renews its lease. While none leads, evicted pods stay in
 * their Services and nothing replaces them. Returns at once where there is no leader election.
 */
export async function waitForControllers(kube: KubeApi, options: ControllerWait): Promise<void> {
  const { signal, onProgress, time } = options
  let seen: Lease['spec']
  await poll(
    {
      what: 'a controller manager that leads',
      deadlineMs: DEADLINE_MS,
      signal,
      time,
      onWait: onProgress,
      firstPauseMs: 500,
      hint: 'see why with "docker logs kube-controller-manager" on the control plane nodes',
    },
    async (either) => {
      const lease = await kube.read<Lease>(LEADER, either)
      if (lease === undefined) return { done: undefined }
      const before = seen
      seen = lease.spec
      // By its own clock alone. One that has just begun must renew once more, so that it has had time to look around.
      const renewed =
        before !== undefined &&
        before.holderIdentity === seen?.holderIdentity &&
        before.renewTime !== seen?.renewTime
      return renewed ? { done: undefined } : { waiting: 'waiting until a controller manager leads' }
    },
  )
}
