import { crc32, deflateRawSync } from 'node:zlib'

/** A member of an archive, as Go's `archive/zip` writes it in a stream: sizes and checksum follow the data. */
export interface GoMember {
  readonly name: string
  readonly content: Buffer
  /** Sizes and offset stand in 64-bit fields, as for files of 4 GiB and more. */
  readonly zip64?: boolean
  /** What the directory says in the place of the size of the content. */
  readonly declaredBytes?: number
}

const DESCRIPTOR_FOLLOWS = 0x8
const DEFLATED = 8
const UNIX = 3
const VERSION = 20
/** The time of all members is 1970-01-01 00:00 UTC, whose 16-bit date wraps around to 2098. */
const TIME = numbers([0x5455, 2], [5, 2], [1, 1], [0, 4])
const DOS = { time: 0, date: 0xec21 }

/** A zip file in the form in which RKE's helper writes the archives of snapshots. */
export function goArchive(members: readonly GoMember[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, zip64 = false, declaredBytes } of members) {
    const data = deflateRawSync(content)
    const [sum, bytes] = [crc32(content), declaredBytes ?? content.length]
    const wide = zip64 || bytes >= 2 ** 32
    const common = (...sizes: readonly [number, number, number]): Buffer =>
      numbers(
        [VERSION, 2],
        [DESCRIPTOR_FOLLOWS, 2],
        [DEFLATED, 2],
        [DOS.time, 2],
        [DOS.date, 2],
        ...sizes.map((size) => [size, 4] as const),
        [Buffer.byteLength(name), 2],
      )
    const local = [
      numbers([0x04034b50, 4]),
      common(0, 0, 0),
      numbers([TIME.length, 2]),
      Buffer.from(name),
      TIME,
    ]
    const size = wide ? 8 : 4
    const descriptor = numbers([0x08074b50, 4], [sum, 4], [data.length, size], [bytes, size])
    const extra = wide
      ? Buffer.concat([TIME, numbers([1, 2], [24, 2], [bytes, 8], [data.length, 8], [offset, 8])])
      : TIME
    directory.push(
      numbers([0x02014b50, 4], [VERSION, 1], [UNIX, 1]),
      wide ? common(sum, 0xffffffff, 0xffffffff) : common(sum, data.length, bytes),
      numbers([extra.length, 2], [0, 2], [0, 2], [0, 2], [0o100600 * 2 ** 16, 4]),
      numbers([wide ? 0xffffffff : offset, 4]),
      Buffer.from(name),
      extra,
    )
    const written = Buffer.concat([...local, data, descriptor])
    parts.push(written)
    offset += written.length
  }
  const list = Buffer.concat(directory)
  const count = members.length
  const end = numbers([0x06054b50, 4], [0, 4], [count, 2], [count, 2], [list.length, 4], [offset, 4], [0, 2])
  return Buffer.concat([...parts, list, end])
}

/** Numbers with the lowest byte first, each of so many bytes. */
function numbers(...fields: readonly (readonly [number, number])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes)
      if (bytes === 8) field.writeBigUInt64LE(BigInt(value))
      else field.writeUIntLE(value, 0, bytes)
      return field
    }),
  )
}
