import type { ReaderRun } from './reader-container.ts'

/** A snapshot on a node that is to be read. */
export interface ReadRequest extends Pick<ReaderRun, 'helper'> {
  /** The backup image (`Catalog.backupImage`); must be on the node. */
  readonly image: string
  /** Without `.zip`. */
  readonly name: string
  /** The folder on the node that has it; the snapshot folder if absent. */
  readonly folder?: string | undefined
}

/** A snapshot on a node whose database is to be written to the scratch folder of a restore. */
export interface UnpackRequest {
  readonly image: string
  readonly name: string
  /** The folder that has the archive or plain snapshot. */
  readonly archiveFolder: string
  /** Lower-case hex SHA-256 that the database must have (`SnapshotContent.hash`). */
  readonly expectedHash: string
}
