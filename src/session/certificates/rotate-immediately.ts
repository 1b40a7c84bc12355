import { observeCaReaders } from '../../observe/observe-ca-readers.ts'
import { planCaReaders } from '../../plan/certificates/plan-ca-readers.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { CaRotation } from '../../state/cluster-state.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import type { CertificateTarget } from './certificate-target.ts'
import { changeCertificates } from './change-certificates.ts'
import { caChangeOf, caTextOf, immediateChange } from './rotation-steps.ts'
import { runInKube } from './run-stages.ts'

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
  isToBeDone: (plan: Plan) => Promise<boolean>,
): Promise<Plan> {
  const { session } = target
  const planned = await immediateChange(target, rotation, operation)
  return changeCertificates(target, planned, operation, async ({ decision, access, run }) => {
    if (!(await isToBeDone(decision.plan))) return decision.plan
    await run()
    const change = caChangeOf(rotation)
    await runInKube(planCaReaders({ ca: caTextOf(session.state) }, change), access, operation)
    const readers = await observeCaReaders(await access.kube(), change, endOf(operation.options))
    const addons = readers.workloads.filter(({ isAddon }) => isAddon)
    await runInKube(planCaReaders({ workloads: addons }, change), access, operation)
    await session.update(({ caRotation: _done, ...state }) => state)
    return decision.plan
  })
}
