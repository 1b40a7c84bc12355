import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import type { ArchiveMember } from './archive-members.ts'

/** Bytes at the end of the archive of a snapshot that hold its whole directory, however long its name is. */
export const TAIL_BYTES = 4096

/** Members that are listed; the archive of a snapshot has two at most. */
const MOST = 8

/** Members of an archive, or why it has none that can be used. */
export type Members = { readonly members: readonly ArchiveMember[] } | { readonly problem: string }

const DEFLATED = 8
const ENCRYPTED = 1

/** The members that the directory of a zip file of that size declares, from its last bytes. */
export async function readMembers(size: number, tail: Buffer): Promise<Members> {
  try {
    const archive = await fromRandomAccessReaderPromise(new TailReader(size, tail), size, {
      decodeStrings: false,
      validateEntrySizes: false,
    })
    const members: ArchiveMember[] = []
    for await (const entry of archive.eachEntry()) {
      const problem = entryProblem(entry)
      if (problem !== undefined) return { problem }
      members.push(memberOf(entry))
      if (members.length > MOST) return { problem: 'it holds more than a snapshot' }
    }
    return { members }
  } catch (thrown) {
    return { problem: damage(thrown instanceof Error ? thrown.message : String(thrown)) }
  }
}

const memberOf = (entry: Entry): ArchiveMember => ({
  name: entry.fileNameRaw.toString('utf8'),
  offset: entry.relativeOffsetOfLocalHeader,
  compressedBytes: entry.compressedSize,
  bytes: entry.uncompressedSize,
  crc32: entry.crc32,
})

function entryProblem({ generalPurposeBitFlag, compressionMethod }: Entry): string | undefined {
  if ((generalPurposeBitFlag & ENCRYPTED) !== 0) return 'it is encrypted'
  if (compressionMethod !== DEFLATED) return `its data is not deflated (method ${compressionMethod})`
  return undefined
}

const damage = (message: string): string =>
  message.startsWith('End of central directory record signature not found')
    ? 'the end of the archive is missing: the file is truncated, or is no zip archive'
    : `the directory of the archive is damaged: ${message}`

/** A file of which only the end is there. What is before it reads as zeros, in which nothing is found. */
class TailReader extends RandomAccessReader {
  readonly #size: number
  readonly #tail: Buffer

  constructor(size: number, tail: Buffer) {
    super()
    this.#size = size
    this.#tail = tail
  }

  override read(
    into: Buffer,
    at: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (position + length > this.#size) {
      callback(new Error('it points beyond the end of the file'))
      return
    }
    const begin = position - (this.#size - this.#tail.length)
    into.fill(0, at, at + length)
    this.#tail.copy(into, at + Math.max(0, -begin), Math.max(0, begin), Math.max(0, begin + length))
    callback(null)
  }
}
