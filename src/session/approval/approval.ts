import { hash } from 'node:crypto'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { StepInfo } from '../../engine/events.ts'
import { CLUSTER_CA } from '../../pki/inventory/inventory.ts'
import { type ApprovedPlan, approvedPlan, type PlanOrigin } from '../../plan/approval/approved-plan.ts'
import type { Plan } from '../../plan/model/plan.ts'
import { programVersion } from '../../program-version.ts'
import type { RunOptions } from '../deps.ts'
import type { OfflinePreparation } from '../prepare/prepare-offline.ts'
import type { StateSession } from '../state/state-session.ts'
import { plannedOptions } from './planned-options.ts'

/**
 * A plan that was just made from `given`, bound to what it was made with; digests are made when it is asked for, as those of a
 * large cluster take a while. `steps`: its actions without secrets.
 */
export async function approvalOf(
  plan: Plan,
  steps: readonly StepInfo[],
  given: ClusterConfig,
  offline: OfflinePreparation,
  options: RunOptions,
): Promise<() => ApprovedPlan> {
  const origin = await originOf(given, offline, options)
  return () => approvedPlan(plan, steps, origin, plannedOptions(options))
}

/** What a plan that is made from `given` now is bound to. */
export async function originOf(
  given: ClusterConfig,
  offline: OfflinePreparation,
  options: RunOptions,
): Promise<PlanOrigin> {
  const [session, config, user] = [await offline.session, await offline.config, await offline.user]
  const { certificates = new Map<string, string>(), authority } = options
  return {
    program: programVersion,
    cluster: { name: given.clusterName, ...authorityOf(session) },
    configuration: hash('sha256', JSON.stringify(given)),
    sources: hash(
      'sha256',
      JSON.stringify([
        config,
        user,
        [...certificates],
        ...(authority?.certificates ? [authority.certificates.text] : []),
      ]),
    ),
    ...(session.revision !== undefined && { state: session.revision }),
  }
}

function authorityOf({
  state: { currentState, desiredState },
}: StateSession): Pick<PlanOrigin['cluster'], 'authority'> {
  const certificate = (currentState.certificatesBundle ?? desiredState.certificatesBundle)?.[CLUSTER_CA]
  return certificate === undefined ? {} : { authority: hash('sha256', certificate.certificatePEM.trim()) }
}
