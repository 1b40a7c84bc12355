import { crc32, createInflateRaw } from 'node:zlib'

/** What Go writes: deflate, no flags, no time, system unknown. Other writers set some of it, so after the id and the method. */
const OF_GO = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
const ANY = OF_GO.subarray(0, 3)

/** The key without which a document is not the one. */
const NEEDED = '"K8sVersionRKESystemImages"'

/** An executable has about a hundred places that look like the beginning of a member; a file made to keep us busy has millions. */
const MOST_PLACES = 10_000

/** A document that was found in a file. */
export interface EmbeddedDocument {
  readonly bytes: Buffer
  /** Where the compressed form begins in the file. */
  readonly offset: number
}

/**
 * The metadata document in an executable of RKE, for any system, of a release that has one (the oldest have their versions compiled
 * in): one member in gzip's form among its data, with its checksum. The largest one, where there are several.
 * @param most more bytes than that a document does not have
 */
export async function embeddedDocument(file: Buffer, most: number): Promise<EmbeddedDocument | undefined> {
  return (await largest(file, OF_GO, most)) ?? (await largest(file, ANY, most))
}

async function largest(file: Buffer, header: Buffer, most: number): Promise<EmbeddedDocument | undefined> {
  let found: EmbeddedDocument | undefined
  let places = 0
  for (let offset = file.indexOf(header); offset !== -1; offset = file.indexOf(header, offset + 1)) {
    if (++places > MOST_PLACES) break
    const bytes = await member(file.subarray(offset), most)
    const isLarger = bytes !== undefined && bytes.length > (found?.bytes.length ?? 0)
    if (isLarger && bytes.includes(NEEDED)) found = { bytes, offset }
  }
  return found
}

/** The content of a member of gzip, if it is a JSON object and complete; bytes behind it do not matter. */
async function member(gzip: Buffer, most: number): Promise<Buffer | undefined> {
  const start = endOfHeader(gzip)
  if (start === undefined) return undefined
  const inflate = createInflateRaw()
  inflate.end(gzip.subarray(start))
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of inflate) {
      if (!Buffer.isBuffer(chunk)) return undefined
      if (size === 0 && !/^\s*\{/.test(chunk.toString('latin1', 0, 64))) return undefined
      size += chunk.length
      if (size > most) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  const content = Buffer.concat(chunks)
  const trailer = gzip.subarray(start + inflate.bytesWritten)
  if (trailer.length < 8) return undefined
  const isWhole = trailer.readUInt32LE(0) === crc32(content) && trailer.readUInt32LE(4) === size % 2 ** 32
  return isWhole ? content : undefined
}

const FLAGS = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const

/** Where the compressed bytes begin: behind what the flags say there is. */
function endOfHeader(gzip: Buffer): number | undefined {
  const flags = gzip[3] ?? 0
  let at = 10
  if ((flags & 0xe0) !== 0) return undefined
  if ((flags & FLAGS.extra) !== 0) at += 2 + (gzip.length < at + 2 ? 0 : gzip.readUInt16LE(at))
  for (const flag of [FLAGS.name, FLAGS.comment]) {
    if ((flags & flag) === 0) continue
    const end = gzip.subarray(at, at + 4096).indexOf(0)
    if (end === -1) return undefined
    at += end + 1
  }
  if ((flags & FLAGS.headerChecksum) !== 0) at += 2
  return at < gzip.length ? at : undefined
}
