import { KUBERNETES_FOLDER, SNAPSHOT_MOUNT } from '../node-paths.ts'
import { STATE_SUFFIX } from './snapshot-name.ts'

/** The names that the members of the archive of a snapshot have; both are paths, as those who wrote them saw the files. */
export const databaseMember = (name: string): string => `${SNAPSHOT_MOUNT}/${name}`
export const stateMember = (name: string): string => `${KUBERNETES_FOLDER}/${stateFileName(name)}`

/** The state file of a snapshot that is not packed yet, in the folder of the cluster on the node. */
export const stateFileName = (name: string): string => `${name}${STATE_SUFFIX}`

/** A member of an archive: deflated data somewhere in the file. */
export interface ArchiveMember {
  readonly name: string
  /** Where its local header begins. */
  readonly offset: number
  readonly compressedBytes: number
  /** Declared size of its content. */
  readonly bytes: number
  /** Declared checksum of its content. */
  readonly crc32: number
}

/** What the directory of the archive of a snapshot says. */
export interface ArchiveDirectory {
  readonly database: ArchiveMember
  readonly state?: ArchiveMember
}
