import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import type { Connected } from '../connect/connect-nodes.ts'
import { type EtcdAccess, etcdAccess } from '../connect/etcd-access.ts'
import { observeNodes } from '../prepare/observe-parts.ts'
import type { Operation } from '../run/redacted-run.ts'
import { type BuiltWith, type PreparedAgain, prepareAgain } from './prepare-again.ts'

/** How a restore, or the way back from it, learns what it is decided by, besides snapshots and etcd's data. */
export interface RestoreWays<A extends Pick<PreparedAgain, 'target' | 'machines'>> {
  /** What is on the machines, with those images that clean them. */
  readonly observe: (config: ClusterConfig) => Promise<ReadonlyMap<string, ObservedNode>>
  /** Members of the cluster before, asked with its certificates. Close it. */
  readonly etcd: (nodes: readonly ClusterNode[], bundle: CertificatesBundle) => EtcdAccess
  /** What a cluster needs that is built again; the machines are observed anew. */
  readonly again: (config: ClusterConfig, built: BuiltWith) => Promise<A>
}

/** Through connections to the machines. */
export function restoreWays(connected: Connected, operation: Operation): RestoreWays<PreparedAgain> {
  const { nodes } = connected
  return {
    observe: ({ systemImages: { kubernetes, alpine } }) => observeNodes(nodes, () => [kubernetes, alpine]),
    etcd: (configured, bundle) => etcdAccess(configured, nodes, bundle, operation.deps.time),
    again: (config, built) => prepareAgain(config, connected, built, operation),
  }
}
