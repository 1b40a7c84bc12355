import { hash } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

export interface ArchiveMember {
  /** Absolute path, with its leading slash. */
  readonly name: string
  readonly content: Buffer
  /** Permission bits; 0600 without them. */
  readonly mode?: number
  /** Sizes and offset stand in 64-bit fields, as those of 4 GiB and more must. */
  readonly zip64?: boolean
  /** What is declared in the place of the size of the content. */
  readonly declaredBytes?: number
}

const VERSION = 20
/** Sizes stand in a data descriptor behind the data. */
const FLAGS = 0x8
const DEFLATE = 8
/** The epoch in the format of MS-DOS, whose years begin in 1980: it wraps around to 2098. */
const DOS_TIME = 0
const DOS_DATE = (((1970 - 1980) << 9) & 0xffff) | (1 << 5) | 1
const UNIX = 3
const REGULAR_FILE = 0o100000
/** What stands where a 64-bit field counts. */
const LARGEST_LONG = 0xffffffff
/** Extended timestamp: the epoch. */
const EXTRA = Buffer.from([0x55, 0x54, 5, 0, 1, 0, 0, 0, 0])

/**
 * The zip of a snapshot as RKE's helper writes it: modification times are the epoch, sizes stand in data descriptors,
 * and names are absolute.
 */
export function rkeArchive(members: readonly ArchiveMember[]): Buffer {
  const local: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, mode = 0o600, declaredBytes = content.length, zip64 } of members) {
    const data = deflateRawSync(content)
    const sum = crc32(content)
    const isWide = zip64 || declaredBytes > LARGEST_LONG
    const path = Buffer.from(name)
    const extra = isWide
      ? Buffer.concat([EXTRA, shorts(1, 24), wides(declaredBytes, data.length, offset)])
      : EXTRA
    const shared = (known: readonly number[], more: Buffer): Buffer =>
      Buffer.concat([
        shorts(VERSION, FLAGS, DEFLATE, DOS_TIME, DOS_DATE),
        longs(...known),
        shorts(path.length, more.length),
      ])
    const entry = Buffer.concat([
      longs(0x04034b50),
      shared([0, 0, 0], EXTRA),
      path,
      EXTRA,
      data,
      longs(0x08074b50, sum),
      isWide ? wides(data.length, declaredBytes) : longs(data.length, declaredBytes),
    ])
    directory.push(
      longs(0x02014b50),
      shorts((UNIX << 8) | VERSION),
      shared(isWide ? [sum, LARGEST_LONG, LARGEST_LONG] : [sum, data.length, declaredBytes], extra),
      shorts(0, 0, 0),
      longs(((REGULAR_FILE | mode) << 16) >>> 0, isWide ? LARGEST_LONG : offset),
      path,
      extra,
    )
    local.push(entry)
    offset += entry.length
  }
  const listed = Buffer.concat(directory)
  const count = members.length
  const end = [longs(0x06054b50), shorts(0, 0, count, count), longs(listed.length, offset), shorts(0)]
  return Buffer.concat([...local, listed, ...end])
}

/** What RKE puts into the archive of a snapshot: its database, and the state file if there was one. */
export function snapshotArchive(name: string, database: Buffer, state?: Buffer): Buffer {
  return rkeArchive([
    { name: `/backup/${name}`, content: database, mode: 0o600 },
    ...(state === undefined
      ? []
      : [{ name: `/etc/kubernetes/${name}.rkestate`, content: state, mode: 0o400 }]),
  ])
}

const PAGE = 512
/** The number by which bbolt knows its first page. */
const MAGIC = 0xed0cdaed
const MAGIC_AT = 16
const CONTENT_AT = 64

/** A database as bbolt begins one, with any content: whole pages. */
export function databasePages(content: string): Buffer {
  const text = Buffer.from(content)
  const pages = Buffer.alloc(Math.ceil((CONTENT_AT + text.length) / PAGE) * PAGE)
  pages.writeUInt32LE(MAGIC, MAGIC_AT)
  text.copy(pages, CONTENT_AT)
  return pages
}

/** A file of the form of a snapshot of etcd: whole pages, and behind them the SHA-256 of these. */
export function snapshotDatabase(content: string): Buffer {
  const pages = databasePages(content)
  return Buffer.concat([pages, Buffer.from(hash('sha256', pages), 'hex')])
}

function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, index) => {
    bytes.writeUInt16LE(value, index * 2)
  })
  return bytes
}

function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => {
    bytes.writeUInt32LE(value, index * 4)
  })
  return bytes
}

function wides(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8)
  values.forEach((value, index) => {
    bytes.writeBigUInt64LE(BigInt(value), index * 8)
  })
  return bytes
}
