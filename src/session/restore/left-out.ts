import type { ClusterNode } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

/** What of the cluster from before a restore is not part of it. */
interface LeftOut {
  /** Addresses of nodes of cluster.yml that cannot be reached. */
  readonly skipped: readonly string[]
  /** Addresses of other machines that are known not to be touched, of which that was said. */
  readonly leftAlone: readonly string[]
  /** Addresses of machines that are connected. */
  readonly connected: ReadonlySet<string>
}

/** Whoever lets these machines run has two clusters of the same authority. */
export function warnOfLeftOut(
  { skipped, leftAlone, connected }: LeftOut,
  before: ClusterState,
  had: readonly ClusterNode[],
  emit: Emit,
): void {
  const warn = (text: string): void => emit({ type: 'notice', level: 'warning', area: 'hosts', text })
  for (const address of skipped) {
    warn(
      `Host [${address}] is left out of the restored cluster. Switch it off now: what it runs belongs to the cluster from before, ` +
        'which has the same certificates. Start it again only for "rke up", which takes all of that off it and then adds it anew',
    )
  }
  // What has left the cluster since the snapshot was cleaned then.
  const applied = before.currentState.rkeConfig?.nodes
  const others = had
    .map(({ address }) => address)
    .filter(
      (address) => !connected.has(address) && !skipped.includes(address) && !leftAlone.includes(address),
    )
    .filter((address) => applied === undefined || applied.some((node) => node.address === address))
  if (others.length === 0) return
  warn(`The cluster of the snapshot also had ${others.join(', ')}: they must not run any more`)
}
