import type { Secret } from '../secret.ts'
import { archiveFileName } from './snapshot-name.ts'

/** Where a snapshot is kept: in the snapshot folder of an etcd node, or in the bucket under this key. */
export type SnapshotPlace =
  | { readonly kind: 'node'; readonly address: string }
  | { readonly kind: 's3'; readonly key: string }

/** A place, for people: the address of the node, or `S3`. */
export const placeText = (place: SnapshotPlace): string => (place.kind === 'node' ? place.address : 'S3')

/** `archive`: a zip file, as RKE and this program save them. `plain`: etcd's own file, as very old helpers left it. */
export type SnapshotForm = 'archive' | 'plain'

/** What is known of the file of a snapshot without its data. */
export interface SnapshotFile {
  /** Without `.zip`. */
  readonly name: string
  readonly place: SnapshotPlace
  /** Size of the file. */
  readonly bytes: number
  /** When the file was written, by the clock of where it is. */
  readonly modified: Date
  readonly form: SnapshotForm
  /** It has a state file beside the database. */
  readonly hasState: boolean
  /** Declared size of the database in bytes; absent if it has a problem. */
  readonly databaseBytes?: number
  /** Why it cannot be restored, as far as that is seen without its data: `the file is truncated`. */
  readonly problem?: string
}

/** The name of the file of a snapshot, without its folder. */
export const fileNameOf = ({ name, form }: Pick<SnapshotFile, 'name' | 'form'>): string =>
  form === 'archive' ? archiveFileName(name) : name

/** What is in a snapshot, read and checked. */
export interface SnapshotContent {
  /** Lower-case hex SHA-256 of the database, which is what the last 32 bytes of etcd's file say. */
  readonly hash: string
  /** Size of etcd's file in bytes, with the hash at its end. */
  readonly bytes: number
  /** etcd's revision and number of keys; absent where the image has neither etcdctl nor etcdutl. */
  readonly revision?: number
  readonly keys?: number
  /** Of the cluster when the snapshot was taken; absent without a state. */
  readonly kubernetesVersion?: string
  /** Text of the state file in the archive; it holds keys. */
  readonly state?: Secret<string>
  /**
   * Without a state: the keys with which Kubernetes has encrypted what is stored, as they stand before the values
   * (`aescbc:v1:key-1`). Those of values that are deleted may be among them.
   */
  readonly encryptedWith?: readonly string[]
  /** Why a state file that is there is of no use; the database is. */
  readonly stateProblem?: string
}
