import type { Windows } from '../../engine/step.ts'
import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { planEncryptionAfter, planEncryptionBefore } from '../encryption/plan-encryption.ts'
import { planEtcd } from '../etcd/plan-etcd.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { runsSteadily } from '../model/runs.ts'
import { afterHealth, afterPulls, planPeersHealth } from '../node/before-stops.ts'
import type { NodeWork } from '../node/node-work.ts'
import { isInterrupted, planNodeTurn } from '../node/plan-node-turn.ts'
import { planDrains } from './plan-drains.ts'
import { planLeaving } from './plan-leaving.ts'

export interface Rollout {
  readonly actions: readonly Action[]
  readonly windows: Windows
}

const CONTROL_PLANE = 'controlplane'
const ETCD_WORKERS = 'etcd-workers'
const WORKERS = 'workers'

/**
 * Changes a running cluster: etcd members one by one, then control plane nodes and then workers, within the limits of
 * the upgrade strategy; leaving nodes last, when others have taken over. A member that leaves and does not answer is
 * removed first, because it counts in every quorum.
 */
export function rollOut(work: readonly NodeWork[], basis: PlanBasis): Rollout {
  const onceAllIsPulled = afterPulls(work)
  const servers = planPeersHealth('kube-apiserver', work, work)
  const onceServersAreHealthy = afterHealth(servers)
  const { actions: etcd, lastRemovals } = planEtcd(work, basis)
  const before = planEncryptionBefore(
    basis,
    etcd.map(({ id }) => id),
  )
  const afterEtcd = [...etcd, ...before].map(({ id }) => id)
  const inTurn = [...work].sort((a, b) => Number(isInterrupted(b, basis)) - Number(isInterrupted(a, basis)))
  // An API server that does not run is repaired before another one stops.
  const servingLast = inTurn
    .filter(({ desired }) => hasRole(desired.node, 'controlplane'))
    .sort((a, b) => Number(hasApiServer(a, basis)) - Number(hasApiServer(b, basis)))
  const controlPlane = [
    ...servers.map((check) => ({ ...check, after: afterEtcd })),
    ...servingLast
      .flatMap((one) =>
        planNodeTurn(one, [...one.plan.controlPlane, ...one.plan.worker], CONTROL_PLANE, basis, afterEtcd),
      )
      .map(onceAllIsPulled)
      .map(onceServersAreHealthy),
  ]
  const after = planEncryptionAfter(basis, [...afterEtcd, ...controlPlane.map(({ id }) => id)])
  const afterControlPlane = [...afterEtcd, ...[...controlPlane, ...after].map(({ id }) => id)]
  const workers = inTurn
    .filter((one) => !servingLast.includes(one))
    .flatMap((one) => {
      const window = hasRole(one.desired.node, 'etcd') ? ETCD_WORKERS : WORKERS
      return planNodeTurn(one, one.plan.worker, window, basis, afterControlPlane)
    })
  const staying = [...etcd, ...before, ...controlPlane, ...after, ...workers]
  const stayingIds = staying.map(({ id }) => id)
  return {
    actions: [...staying, ...planDrains(basis, stayingIds), ...planLeaving(basis, lastRemovals, stayingIds)],
    windows: {
      [CONTROL_PLANE]: Math.min(
        basis.rollout.maxUnavailableControlPlane,
        // At least one API server keeps serving.
        Math.max(1, servingLast.filter((one) => hasApiServer(one, basis)).length - 1),
      ),
      [ETCD_WORKERS]: 1,
      [WORKERS]: basis.rollout.maxUnavailableWorkers,
    },
  }
}

/** Whether a node's API server runs steadily and is healthy, as far as known. */
function hasApiServer({ desired }: NodeWork, { seen }: PlanBasis): boolean {
  const { address } = desired.node
  return runsSteadily(seen.machines.get(address), 'kube-apiserver') && !seen.unhealthyServers.has(address)
}
