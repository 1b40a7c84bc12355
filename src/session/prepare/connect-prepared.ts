import { hasExternalKey } from '../../pki/issue/authorities.ts'
import { type ClusterAccess, connectCluster } from '../connect/cluster-access.ts'
import type { Operation } from '../run/redacted-run.ts'
import type { OfflinePreparation } from './prepare-offline.ts'
import { regardClocks } from './regard-clocks.ts'

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
  await offline.manifests
  const leaving = await offline.leaving
  // What is wrong with the user's own certificates or CA, or is missing to issue any, is reported before any node is contacted.
  const { certificates, authority } = operation.options
  const isOwn = certificates !== undefined || authority !== undefined || hasExternalKey(config)
  if (isOwn) await offline.material
  const issuing = offline.material.then(({ bundle }) => bundle)
  return connectCluster(config, leaving, issuing, operation, state.notRestored, (nodes) =>
    regardClocks(offline, nodes, operation),
  )
}
