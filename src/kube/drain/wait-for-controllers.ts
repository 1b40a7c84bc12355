import { poll } from '../../poll.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeWait } from '../client/kube-wait.ts'
import type { Lease, ObjectRef } from '../objects/kube-object.ts'

/** Renewed every two seconds by the one controller manager of all that works (leader election). */
const LEADER: ObjectRef = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'kube-system',
  name: 'kube-controller-manager',
}
/** So long a leader may take until all its controllers have looked around and work. */
const SETTLED_MS = 10_000
/** A leader that has gone is replaced after 15 s. */
const DEADLINE_MS = 90_000

/**
 * Waits until a controller manager is seen at work: one that renews its lease. While none leads, evicted pods stay in
 * their Services and nothing replaces them. Gives the holder of the lease: the name of its machine and a UUID; returns
 * at once, with nothing, where there is no leader election.
 */
export async function waitForControllers(kube: KubeApi, options: KubeWait): Promise<string | undefined> {
  const { signal, onProgress, time } = options
  let seen: Lease['spec']
  return poll(
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
      const renewed =
        before !== undefined &&
        before.holderIdentity === seen?.holderIdentity &&
        before.renewTime !== seen?.renewTime
      if (!renewed) return { waiting: 'waiting until a controller manager leads' }
      if (isSettled(seen)) return { done: seen?.holderIdentity }
      return { waiting: 'waiting until the new leader of the controller managers is at work' }
    },
  )
}

/** By the leader's own clock alone. */
function isSettled(spec: Lease['spec']): boolean {
  const age = Date.parse(spec?.renewTime ?? '') - Date.parse(spec?.acquireTime ?? '')
  return Number.isNaN(age) || age >= SETTLED_MS
}
