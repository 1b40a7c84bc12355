import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type { ArchiveDirectory } from '../../snapshots/archive-members.ts'
import type { SnapshotContent, SnapshotFile } from '../../snapshots/snapshot.ts'
import type { ClusterView } from '../model/cluster-view.ts'

/** The snapshot that is restored, read and verified. */
export interface ChosenSnapshot {
  readonly file: SnapshotFile
  /** Of an archive. */
  readonly directory?: ArchiveDirectory
  readonly content: SnapshotContent
}

/** All that a restore follows from. */
export interface RestoreView {
  readonly snapshot: ChosenSnapshot
  /** What `up` would go by once nothing is left on the machines: what the snapshot's state says, and nothing applied. */
  readonly target: ClusterView
  /** By address: what is on the machines now, those among them that cluster.yml no longer names. */
  readonly machines: ReadonlyMap<string, ObservedNode>
  /** Addresses of machines that have, or had, a member of etcd of the cluster before. */
  readonly formerMembers: ReadonlySet<string>
  /** Addresses of machines whose members etcd had when the restore began, as a healthy one said, or logs of those taken out. */
  readonly members?: readonly string[] | undefined
  /** Addresses of machines that may have all of the cluster from before once this one works. */
  readonly notRestored?: readonly string[]
  readonly images: RestoreImages
  /** When this restore was begun first; RFC 3339. */
  readonly startedAt: string
  /**
   * Another restore has got as far as a cluster that works, and may have deleted some of what was set aside: when that was begun.
   */
  readonly finished?: string | undefined
  /** The cluster with the bucket of this run: only for getting the snapshot. */
  readonly withBucket: ClusterConfig
}

/** Images of helper containers on etcd nodes. */
export interface RestoreImages {
  /** Reads snapshots. */
  readonly backup: string
  /** Has etcdctl and a shell. */
  readonly restore: string
}

/** A machine as it is once it was cleaned: with its images, and with nothing of a cluster on it. */
export function cleaned(machine: ObservedNode): ObservedNode {
  return {
    ...machine,
    containers: new Map(),
    all: [],
    files: undefined,
    folders: new Map(),
    etcdDataMode: undefined,
    setAside: false,
  }
}

/** An image with a shell that a machine has, for helpers: of a node that left it may be one of the cluster before. */
export function helperImageOn(
  { images, containers }: Pick<ObservedNode, 'images' | 'containers'>,
  { systemImages: { alpine, kubernetes } }: Pick<ClusterConfig, 'systemImages'>,
): string {
  const found = [alpine, kubernetes].find((image) => images.has(image))
  return found ?? containers.get('kubelet')?.Config.Image ?? alpine
}
