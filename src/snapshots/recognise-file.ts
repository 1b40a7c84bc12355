import type { ArchiveDirectory } from './archive-members.ts'
import { checkMembers } from './check-members.ts'
import { databaseSizeProblem } from './database-size.ts'
import { readMembers } from './read-members.ts'
import type { SnapshotFile } from './snapshot.ts'
import { archiveFileName, nameOfFile } from './snapshot-name.ts'

/** Bytes at the beginning of a file that say what it is. */
export const HEAD_BYTES = 32

/** A file that may be a snapshot, as far as it was read. */
export interface RawFile {
  /** With its suffix. */
  readonly file: string
  readonly bytes: number
  /** The first `HEAD_BYTES`, or all there are. */
  readonly head: Buffer
  /** The last `TAIL_BYTES`, or all there are; only of archives. */
  readonly tail: Buffer
}

/** What a file is, without where it is. */
export type Recognised = Pick<SnapshotFile, 'name' | 'form' | 'hasState' | 'databaseBytes' | 'problem'> & {
  readonly directory?: ArchiveDirectory
}

/** What kind of snapshot a file is; `undefined` for what is none, such as RKE's backup of certificates. */
export async function recogniseFile({ file, bytes, head, tail }: RawFile): Promise<Recognised | undefined> {
  const name = nameOfFile(file)
  if (file === archiveFileName(name)) return { name, form: 'archive', ...(await archive(name, bytes, tail)) }
  if (!isDatabase(head)) return undefined
  const problem = databaseSizeProblem(bytes)
  const rest = problem === undefined ? { databaseBytes: bytes } : { problem }
  return { name, form: 'plain', hasState: false, ...rest }
}

async function archive(
  name: string,
  bytes: number,
  tail: Buffer,
): Promise<Pick<Recognised, 'hasState' | 'databaseBytes' | 'problem' | 'directory'>> {
  const listed = await readMembers(bytes, tail)
  const checked = 'problem' in listed ? listed : checkMembers(name, bytes, listed.members)
  if ('problem' in checked) return { hasState: false, problem: checked.problem }
  const { directory } = checked
  return { hasState: directory.state !== undefined, databaseBytes: directory.database.bytes, directory }
}

/** The number in the first page of a database of etcd (bbolt), in the order of bytes of the machine that wrote it. */
const MAGIC = 0xed0cdaed
const MAGIC_AT = 16

export const isDatabase = (head: Buffer): boolean =>
  head.length >= MAGIC_AT + 4 && [head.readUInt32LE(MAGIC_AT), head.readUInt32BE(MAGIC_AT)].includes(MAGIC)
