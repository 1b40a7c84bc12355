import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { closing } from '../closing.ts'
import { answeringApi } from '../connect/answering-api.ts'
import type { Operation } from '../run/redacted-run.ts'
import { holdingLease } from './holding-lease.ts'

/**
 * Runs `work` while holding the cluster's lease, where its API can hold one: others may only be at work on such a cluster.
 * What is broken is removed, and recovered, as well.
 * @param others certificates that may have a key to it, where there is no state
 * @throws LockError if another run holds it.
 */
export async function holdingLeaseIfAny<T>(
  config: ClusterConfig,
  nodes: ReadonlyMap<string, Node>,
  operation: Operation,
  work: () => Promise<T>,
  others?: CertificatesBundle,
): Promise<T> {
  const { deps, options, emit } = operation
  const api = await answeringApi(config, nodes, operation, others)
  if (api === undefined) return work()
  return closing(api, () => holdingLease(async () => api, deps, options, emit, work))
}
