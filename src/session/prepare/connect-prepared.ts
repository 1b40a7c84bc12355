import { type ClusterAccess, connectCluster } from '../connect/cluster-access.ts'
import type { Operation } from '../run/redacted-run.ts'
import type { OfflinePreparation } from './prepare-offline.ts'

/** Connects to a cluster once everything that can be refused before is not refused, while keys are being made. */
export async function connectPrepared(
  offline: OfflinePreparation,
  operation: Operation,
): Promise<ClusterAccess> {
  const config = await offline.config
  const { state } = await offline.session
  await offline.changes
  await offline.user
  await offline.steps
  const leaving = await offline.leaving
  // What is wrong with the user's own certificates is reported before any node is contacted.
  if (operation.options.certificates !== undefined) await offline.material
  const issuing = offline.material.then(({ bundle }) => bundle)
  return connectCluster(config, leaving, issuing, operation, state.notRestored)
}
