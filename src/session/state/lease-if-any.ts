import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Node } from '../../node/node.ts'
import { closing } from '../closing.ts'
import { answeringApi } from '../connect/answering-api.ts'
import type { Operation } from '../run/redacted-run.ts'
import { holdingLease } from './holding-lease.ts'

/**
 * Runs `work` while holding the cluster's lease, where its API can hold one: others may only be at work on such a cluster.
 * What is broken is removed, and recovered, as well.
 * @throws LockError if another run holds it.
 */
export async function holdingLeaseIfAny<T>(
  config: ClusterConfig,
  nodes: ReadonlyMap<string, Node>,
  operation: Operation,
  work: () => Promise<T>,
): Promise<T> {
  const { deps, options, emit } = operation
  const api = await answeringApi(config, nodes, operation)
  if (api === undefined) return work()
  return closing(api, () => holdingLease(async () => api, deps, options, emit, work))
}
