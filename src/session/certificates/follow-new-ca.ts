import { withoutAddons } from '../../kube/objects/ca-readers.ts'
import { refText } from '../../kube/objects/kube-object.ts'
import { observeCaReaders } from '../../observe/observe-ca-readers.ts'
import { TOKEN_CERTIFICATE } from '../../pki/inventory/inventory.ts'
import { tokenKeyId } from '../../pki/rotation/token-key-id.ts'
import { planCaReaders } from '../../plan/certificates/plan-ca-readers.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { systemClock } from '../../time.ts'
import type { ClusterAccess } from '../connect/cluster-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { caTextOf } from './rotation-steps.ts'
import { runInKube } from './run-stages.ts'

/**
 * Lets the cluster's own add-ons follow a CA that was replaced at once, as RKE does: all namespaces have it, then those are restarted
 * that have the old one.
 * @returns the others who have, each by its kind and name
 */
export async function followNewCa(
  state: ClusterState,
  access: ClusterAccess,
  operation: Operation,
): Promise<readonly string[]> {
  const { deps, options } = operation
  const token = state.currentState.certificatesBundle?.[TOKEN_CERTIFICATE]
  if (token === undefined) return []
  const change = { mark: (deps.clock ?? systemClock)().toISOString(), keyId: tokenKeyId(token) }
  await runInKube(planCaReaders({ ca: caTextOf(state) }, change), access, operation)
  const readers = await observeCaReaders(await access.kube(), change, endOf(options))
  const addons = readers.workloads.filter(({ isAddon }) => isAddon)
  await runInKube(planCaReaders({ workloads: addons }, change), access, operation)
  const { workloads, others } = withoutAddons(readers)
  return [...workloads.map(({ workload }) => refText(workload)), ...others.map((name) => `Pod ${name}`)]
}
