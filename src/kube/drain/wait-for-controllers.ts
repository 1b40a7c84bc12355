import { poll } from '../../poll.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeWait } from '../client/waiting/kube-wait.ts'
import type { Lease, ObjectRef } from '../objects/kube-object.ts'

/** Renewed every two seconds by the leader of the controller managers (leader election). */
const LEADER: ObjectRef = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'kube-system',
  name: 'kube-controller-manager',
}
/** The time a new leader needs until all its controllers work. */
const SETTLED_MS = 10_000
/** A leader that has gone is replaced after 15 s. */
const DEADLINE_MS = 90_000

/**
 * Waits for a controller manager that renews its leader lease. Without a leader, evicted pods stay in their Services
 * and are not replaced. Returns the holder of the lease, the name of its machine and a UUID; returns nothing,
 * immediately, without leader election.
 */
export async function waitForControllers(kube: KubeApi, options: KubeWait): Promise<string | undefined> {
  const { signal, onProgress, time } = options
  let seen: Lease['spec']
  return poll(
    {
      what: 'a leader of the controller managers',
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
      if (!renewed) return { waiting: 'waiting for a leader of the controller managers' }
      if (isSettled(seen)) return { done: seen?.holderIdentity }
      return { waiting: 'waiting until the new leader of the controller managers works' }
    },
  )
}

/** Measured by the leader's own clock alone. */
function isSettled(spec: Lease['spec']): boolean {
  const age = Date.parse(spec?.renewTime ?? '') - Date.parse(spec?.acquireTime ?? '')
  return Number.isNaN(age) || age >= SETTLED_MS
}
