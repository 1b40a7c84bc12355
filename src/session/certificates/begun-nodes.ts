import type { ClusterConfig } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'

/** Nodes that a run has begun to add to the cluster that was applied last. */
export function begunNodes(
  applied: ClusterConfig,
  desired: ClusterConfig | undefined,
): ClusterConfig['nodes'] {
  const known = new Set(applied.nodes.map(({ address }) => address))
  return (desired?.nodes ?? []).filter(({ address }) => !known.has(address))
}

/** Refuses to replace authorities while nodes are being added, which would keep the old ones. */
export function refuseBegunNodes(applied: ClusterConfig, desired: ClusterConfig | undefined): void {
  const addresses = begunNodes(applied, desired).map(({ address }) => address)
  if (addresses.length === 0) return
  throw new PlanRefusedError(`an earlier run has begun to add ${addresses.join(', ')}, and is not done`, {
    step: 'rotate the CA',
    untouched: true,
    hint: 'finish that with "rke up", or take the nodes out of cluster.yml and run "rke up"; then run the same command again',
  })
}
