import { addonsAmong, type CaReaders } from '../../kube/objects/ca-readers.ts'
import { refText } from '../../kube/objects/kube-object.ts'
import { observeCaReaders } from '../../observe/observe-ca-readers.ts'
import { planCaReaders } from '../../plan/certificates/plan-ca-readers.ts'
import type { ClusterAccess } from '../connect/cluster-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import type { StateSession } from '../state/state-session.ts'
import { caChangeOf, caTextOf } from './rotation-steps.ts'
import { runInKube } from './run-stages.ts'

/**
 * Lets the cluster's own add-ons follow a CA that was replaced at once, as RKE does: all namespaces have it, then those are restarted
 * that have the old one; and names all others who are left. Then the rotation is done: until then the state remembers it, so a run after a
 * kill goes on. Does nothing where no such rotation was begun.
 * @returns the others who have the old one, each by its kind and name
 */
export async function followNewCa(
  session: StateSession,
  access: ClusterAccess,
  operation: Operation,
): Promise<readonly string[]> {
  const { caRotation } = session.state
  if (caRotation === undefined) return []
  const change = caChangeOf(caRotation)
  await runInKube(planCaReaders({ ca: caTextOf(session.state) }, change), access, operation)
  const observe = async (): Promise<CaReaders> =>
    observeCaReaders(await access.kube(), change, endOf(operation.options))
  const addons = addonsAmong(await observe())
  await runInKube(planCaReaders({ workloads: addons }, change), access, operation)
  // Also add-ons whose new pods wait for a node that is off.
  const { workloads, others } = await observe()
  const left = [...workloads.map(({ workload }) => refText(workload)), ...others.map((name) => `Pod ${name}`)]
  if (left.length > 0) {
    const text = `Restart what trusts the old CA: ${left.join(', ')}`
    operation.emit({ type: 'notice', level: 'warning', area: 'certificates', text })
  }
  await session.update(({ caRotation: _done, ...state }) => state)
  return left
}
