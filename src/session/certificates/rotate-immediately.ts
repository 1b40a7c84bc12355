import type { Plan } from '../../plan/model/plan.ts'
import type { CaRotation } from '../../state/cluster-state.ts'
import type { Operation } from '../run/redacted-run.ts'
import type { CertificateTarget } from './certificate-target.ts'
import { changeCertificates } from './change-certificates.ts'
import { followNewCa } from './follow-new-ca.ts'
import { withFollowers } from './plan-followers.ts'
import { refuseSkipped } from './refuse-skipped.ts'
import { immediateChange } from './rotation-steps.ts'

/** What replaces the authorities. */
export interface ImmediatePlan {
  readonly plan: Plan
  /** Everything is restarted at once; not where that is done, and only those are left who follow. */
  readonly atOnce: boolean
}

/**
 * Replaces the authorities at once, as RKE does, and restarts the add-ons: nobody trusts anybody in between. Done once the
 * API serves again and add-ons are restarted.
 * @param isToBeDone is asked with the plan
 * @returns the plan
 */
export async function rotateImmediately(
  target: CertificateTarget,
  rotation: CaRotation,
  operation: Operation,
  isToBeDone: (planned: ImmediatePlan) => Promise<boolean>,
): Promise<ImmediatePlan> {
  const change = await immediateChange(target, rotation, operation)
  return changeCertificates(target, change, operation, async (planned) => {
    const { access, atOnce, run } = planned
    const immediate = { plan: await withFollowers(target, change, planned, operation), atOnce }
    if (!(await isToBeDone(immediate))) return immediate
    await run()
    await followNewCa(target.session, access, operation)
    refuseSkipped(access.unreachable)
    return immediate
  })
}
