import { addonsAmong } from '../../kube/objects/ca-readers.ts'
import { observeCaReaders } from '../../observe/observe-ca-readers.ts'
import { certificateTexts } from '../../pki/encoding/certificate.ts'
import { CLUSTER_CA } from '../../pki/inventory/inventory.ts'
import { planCaReaders } from '../../plan/certificates/plan-ca-readers.ts'
import { joinPlans } from '../../plan/model/join-plans.ts'
import type { Plan } from '../../plan/model/plan.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import type { CertificateTarget } from './certificate-target.ts'
import type { BundleChange, PlannedChange } from './change-certificates.ts'
import { caChangeOf, reachedStage } from './rotation-steps.ts'

/**
 * The plan of a change of certificates, to be shown, with what Kubernetes is asked for behind it where it replaces a CA at once
 * (`followNewCa`): the add-ons that would be restarted where the API answers with the certificates to come; else a notice says so.
 */
export async function withFollowers(
  { session: { state } }: Pick<CertificateTarget, 'session'>,
  { begin, next }: BundleChange,
  { decision, access }: Pick<PlannedChange, 'decision' | 'access'>,
  { options, emit }: Operation,
): Promise<Plan> {
  const rotation = begin?.caRotation
  if (rotation === undefined) return decision.plan
  if (decision.basis.seen.kube === undefined) {
    const text =
      'Once the API serves with the new CA, the add-ons of the cluster are restarted, and all others who trust the old one are named'
    emit({ type: 'notice', level: 'info', area: 'certificates', text })
    return decision.plan
  }
  const change = caChangeOf(rotation)
  const isToCome = reachedStage(state, rotation) !== 'finish'
  const readers = await observeCaReaders(await access.kube(), { ...change, isToCome }, endOf(options))
  const workloads = addonsAmong(readers)
  const ca = certificateTexts(next[CLUSTER_CA]?.certificatePEM ?? '')
  return joinPlans([
    { name: 'nodes', plan: decision.plan },
    { name: 'followers', plan: planCaReaders({ ca, workloads }, change) },
  ])
}
