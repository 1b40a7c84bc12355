import type { ArchiveMember } from '../../snapshots/archive-members.ts'
import type { SnapshotForm } from '../../snapshots/snapshot.ts'
import type { ReaderRun } from './reader-container.ts'

/** Where a node has snapshots that are to be read. */
export interface ReadPlace extends Pick<ReaderRun, 'helper'> {
  /** The backup image (`Catalog.backupImage`); must be on the node. */
  readonly image: string
  /** The folder on the node; the snapshot folder if absent. */
  readonly folder?: string | undefined
  /** RKE's helper has downloaded them there, and has unpacked databases of archives, comparing their checksums. */
  readonly isUnpacked?: boolean
}

/** A snapshot on a node that is to be read. */
export interface ReadRequest extends ReadPlace {
  /** Without `.zip`. */
  readonly name: string
}

/** A snapshot on a node whose database is to be written to the scratch folder of a restore. */
export interface UnpackRequest {
  readonly image: string
  readonly name: string
  /** The folder that has the archive or plain snapshot. */
  readonly archiveFolder: string
  readonly form: SnapshotForm
  /** Size of the database. */
  readonly bytes: number
  /** The database in the archive, if it is one. */
  readonly member?: ArchiveMember | undefined
  /** Lower-case hex SHA-256 that the database must have (`SnapshotContent.hash`). */
  readonly expectedHash: string
}
