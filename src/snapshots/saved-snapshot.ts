import type { RkeError } from '../errors.ts'

/** A snapshot that a run saved on a node, as it was read from its archive there. */
export interface SavedSnapshot {
  /** Address of the node. */
  readonly node: string
  /** The archive on the node. */
  readonly file: string
  /** Size of the archive. */
  readonly bytes: number
  /** Size of etcd's database in it. */
  readonly databaseBytes: number
  /** Lower-case hex SHA-256 of the database. */
  readonly hash: string
  /** etcd's revision and number of keys; absent where the image has no tool that says them. */
  readonly revision?: number
  readonly keys?: number
  /** Of the cluster, as the state in the archive says; absent where that has been applied nowhere. */
  readonly kubernetesVersion?: string
  /** Bytes that are free in the snapshot folder of the node with the archive there: measured before it was, where that was possible. */
  readonly freeBytes: number
}

/** What the steps of a run find out about the snapshots that they save. */
export interface SaveNotes {
  saved(snapshot: SavedSnapshot): void
  /** The helper failed, and whatever archive there is on the node may not be in the bucket. */
  notCopied(node: string, why: RkeError): void
  /** Why, if that is so. */
  whyNotCopied(node: string): RkeError | undefined
}
