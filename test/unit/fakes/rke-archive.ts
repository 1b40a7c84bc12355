import { hash } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

export interface ArchiveMember {
  /** Absolute path, with its leading slash. */
  readonly name: string
  readonly content: Buffer
  /** Permission bits. */
  readonly mode: number
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
  for (const { name, content, mode } of members) {
    const data = deflateRawSync(content)
    const sizes = [crc32(content), data.length, content.length]
    const path = Buffer.from(name)
    const shared = (known: readonly number[]): Buffer =>
      Buffer.concat([
        shorts(VERSION, FLAGS, DEFLATE, DOS_TIME, DOS_DATE),
        longs(...known),
        shorts(path.length, EXTRA.length),
      ])
    const entry = Buffer.concat([
      longs(0x04034b50),
      shared([0, 0, 0]),
      path,
      EXTRA,
      data,
      longs(0x08074b50, ...sizes),
    ])
    directory.push(
      longs(0x02014b50),
      shorts((UNIX << 8) | VERSION),
      shared(sizes),
      shorts(0, 0, 0),
      longs(((REGULAR_FILE | mode) << 16) >>> 0, offset),
      path,
      EXTRA,
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
