import type { ContainerSpec, FileSpec } from '../../desired/container-spec.ts'
import type { Secret } from '../../secret.ts'
import type { ArchiveMember } from '../../snapshots/archive-members.ts'
import type { SnapshotForm } from '../../snapshots/snapshot.ts'
import type { Base, OnNode } from './base.ts'

/** Changes etcd's data directory on a node, by a helper container; etcd does not run meanwhile. */
export interface OnEtcdData extends OnNode {
  /** Has a shell and the usual tools. */
  readonly image: string
  /** On the node; etcd's data is in `member` below it. */
  readonly directory: string
  /** The helper gets the SELinux type of this program (`usesSelinuxType`). */
  readonly selinux: boolean
}

/** A step of one restore, or of the way back from it. */
export interface OfRestore {
  /** Which one: when it was begun first (`Restoring.startedAt`). Noted with the data that is set aside. */
  readonly restore: string
}

/**
 * Moves the data of etcd to `before-restore/member`, inside the data directory, which may be a mount point. Where there is a
 * `before-restore` of this restore already, that holds what was there before the first try, and `member`, which an interrupted
 * try has made, is removed. One that another restore has left is kept under another name. A node without data gets an empty
 * `before-restore`, so that the next try knows the same.
 */
export interface EtcdDataSetAside extends OnEtcdData, OfRestore {
  readonly kind: 'etcd.data.set-aside'
}

/** Puts back what was set aside, in the place of what is there; nothing where nothing was set aside. */
export interface EtcdDataPutBack extends OnEtcdData, OfRestore {
  readonly kind: 'etcd.data.put-back'
}

/** Deletes what was set aside. */
export interface EtcdDataDiscard extends OnEtcdData, OfRestore {
  readonly kind: 'etcd.data.discard'
}

/** Makes the data of a new one of the restored members from the verified database in the scratch folder. */
export interface EtcdRestore extends OnEtcdData {
  readonly kind: 'etcd.restore'
  /** Name of the database's file in the scratch folder. */
  readonly snapshot: string
  /** /etc/kubernetes, below the node's prefix path. */
  readonly kubernetesFolder: string
  readonly memberName: string
  readonly peerUrl: string
  /** `name=peer URL` of every restored member. */
  readonly initialCluster: string
  /** `services.etcd.extra_env`. */
  readonly env: Secret<readonly string[]>
  /** Seconds that it may take. */
  readonly timeout: number
}

/** Copies a snapshot from the bucket to the scratch folder of a restore by RKE's helper, with up to three tries. Its content is not read. */
export interface SnapshotDownload extends OnNode {
  readonly kind: 'snapshot.download'
  /** Without `.zip`. */
  readonly snapshot: string
  /** The helper (`etcdDownloadBackup`); the bucket's keys are in its environment. */
  readonly container: ContainerSpec
  /** Seconds that each try may take. */
  readonly timeout: number
}

/** Writes the state file that the helper takes into the archive, and deletes when it has. */
export interface SnapshotState extends OnNode {
  readonly kind: 'snapshot.state'
  readonly image: string
  /** /etc/kubernetes, below the node's prefix path. */
  readonly folder: string
  readonly file: FileSpec
  /**
   * The snapshot that is to be saved, where nobody could see before whether there is one of its name already: nothing is written
   * where there is.
   */
  readonly mustBeNew?: string
}

/** Takes a snapshot of the member of a node by RKE's helper, which copies it to the bucket, if there is one. */
export interface SnapshotSave extends OnNode {
  readonly kind: 'snapshot.save'
  /** Without `.zip`. */
  readonly snapshot: string
  /** The helper, `etcd-snapshot-once`; the bucket's keys are in its environment. */
  readonly container: ContainerSpec
  /** It copies the archive to a bucket. */
  readonly copies: boolean
  /** Seconds that it may take. */
  readonly timeout: number
  /** Files that a failed save may leave on the node; each absolute, with the folder that is mounted to remove it. */
  readonly leftovers: readonly { readonly folder: string; readonly paths: readonly string[] }[]
}

/** Reads the archive that was just saved on a node: it opens, its hash is right, and it holds this state. */
export interface SnapshotVerify extends OnNode {
  readonly kind: 'snapshot.verify'
  readonly image: string
  readonly snapshot: string
  /** When the archive of this name that it replaces was written, in milliseconds since 1970. */
  readonly replaces?: number
  /** Bytes that were free in the snapshot folder before the save, if that is known: a helper container fewer. */
  readonly freeBefore?: number
  /** Lower-case hex SHA-256 of the state file that it must hold. */
  readonly stateDigest: string
}

/** Copies the database of a snapshot from the snapshot folder of this node to the scratch folder of others. */
export interface SnapshotCopy extends OnNode {
  readonly kind: 'snapshot.copy'
  readonly image: string
  /** Name of the file. */
  readonly file: string
  /** The database in it, if it is an archive. */
  readonly member?: ArchiveMember
  /** Size of the file. */
  readonly bytes: number
  /** Addresses of the nodes that get it. */
  readonly to: readonly string[]
}

/** Writes the database of a snapshot to the scratch folder, once it is found to be the expected one. */
export interface SnapshotUnpack extends OnNode {
  readonly kind: 'snapshot.unpack'
  readonly image: string
  readonly name: string
  /** The folder that has it, packed or not. */
  readonly archiveFolder: string
  readonly form: SnapshotForm
  /** Size of the database. */
  readonly bytes: number
  /** The database in the archive, if it is one. */
  readonly member?: ArchiveMember
  /** Lower-case hex SHA-256 of the database. */
  readonly hash: string
  readonly revision?: number
}

/** Deletes the scratch folder of a restore. */
export interface ScratchDelete extends OnNode {
  readonly kind: 'scratch.delete'
  readonly image: string
  readonly selinux: boolean
}

/** Removes files from the snapshot folder; those that are not there are no error. */
export interface SnapshotRemove extends OnNode {
  readonly kind: 'snapshot.remove'
  /** Has `rm`. */
  readonly image: string
  /** Names without their folder. */
  readonly files: readonly string[]
}

/** Removes objects from the folder of the bucket, by exactly their keys; those that are not there are no error. */
export interface BucketRemove extends Base {
  readonly kind: 'bucket.remove'
  /** Names without the folder. */
  readonly files: readonly string[]
}
