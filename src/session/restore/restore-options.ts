import type { SnapshotContent, SnapshotFile } from '../../snapshots/snapshot.ts'
import type { SnapshotRunOptions } from '../deps.ts'

/** Which Kubernetes version a restored cluster gets where that of the snapshot is another one than that of cluster.yml. */
export type VersionChoice = 'from-snapshot' | 'from-config'

export interface RestoreOptions extends SnapshotRunOptions {
  /** Name of the snapshot, with or without `.zip`. */
  readonly name: string
  /** Address of the etcd node whose copy is taken. Without it that of the first node that has one that is whole. */
  readonly from?: string
  /** Use the local state, not that in the snapshot. Default: false. */
  readonly useLocalState?: boolean
  /**
   * Take the cluster off the machines, too, that the local state names and cluster.yml does not. Without it nothing is done
   * there: they may be another cluster, beside which the snapshot is only tried out. Default: false.
   */
  readonly cleanFormerNodes?: boolean
  /**
   * The nodes that cannot be reached, and are left out, are switched off. To be said where they are a quorum of the cluster from
   * before, which goes on without the others if they run. Default: false.
   */
  readonly skippedAreOff?: boolean
  /** Without it a difference is asked about (`chooseVersion`; `undefined`: no decision), or refused. */
  readonly kubernetesVersion?: VersionChoice
  readonly chooseVersion?: (versions: Versions) => Promise<VersionChoice | undefined>
  /** Plan, and change nothing. Default: false. */
  readonly dryRun?: boolean
}

export interface Versions {
  readonly snapshot: string
  readonly config: string
}

/** What is about to be restored. */
export interface RestoreSummary {
  readonly file: SnapshotFile
  readonly content: Omit<SnapshotContent, 'state'>
  /** Addresses of the nodes whose members are restored. */
  readonly members: readonly string[]
  /** Addresses of machines that cluster.yml does not name, and off which the cluster is taken. */
  readonly cleaned: readonly string[]
}
