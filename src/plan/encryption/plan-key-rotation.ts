import { PlanRefusedError } from '../../errors.ts'
import { hasRole, nodesWithRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { makePlan, type Plan } from '../model/plan.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { runs } from '../model/runs.ts'
import { planPulls } from '../node/plan-pulls.ts'
import { planCommit, planStateCopy } from '../state/plan-state.ts'
import { encryptionIds, planEncryptionBefore } from './plan-encryption.ts'

/**
 * Another key for what is encrypted, in stages, and nothing else: whatever differs besides is left to `up`.
 * @throws PlanRefusedError if not all API servers can take part.
 */
export function planKeyRotation(basis: PlanBasis): Plan {
  refuseMissingServers(basis)
  const pulls = basis.nodes
    .filter(({ node }) => hasRole(node, 'controlplane'))
    .flatMap((desired) => planPulls(desired, basis.seen.machines.get(desired.node.address), false, true))
  const stages = planEncryptionBefore(basis, [])
  const commit = planCommit(basis, []).map((action): Action => ({ ...action, after: encryptionIds(basis) }))
  return makePlan([...pulls, ...stages, ...commit, ...planStateCopy(basis, commit.length > 0)])
}

function refuseMissingServers({ encryption, wanted, seen }: PlanBasis): void {
  const { waits, work } = encryption
  const away = nodesWithRole(wanted.config.nodes, 'controlplane')
    .map(({ address }) => address)
    .filter((address) => !runs(seen.machines.get(address), 'kube-apiserver'))
  const why =
    waits ??
    (away.length > 0
      ? `no API server runs on ${away.join(', ')}`
      : (work?.after ?? []).length > 0
        ? 'not all API servers have a provider file'
        : undefined)
  if (why === undefined) return
  throw new PlanRefusedError('the encryption key cannot be exchanged now', {
    why,
    step: 'plan',
    untouched: true,
    hint: 'repair the cluster with "rke up" first, without rotate_encryption_key in cluster.yml',
  })
}
