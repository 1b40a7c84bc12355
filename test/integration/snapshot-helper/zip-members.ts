/** A member as the archive's directory describes it. */
export interface ZipMember {
  readonly name: string
  /** 8 is deflate. */
  readonly method: number
  /** Unix permissions, octal. */
  readonly mode: string
  /** Sizes and checksum come after the data. */
  readonly dataDescriptor: boolean
  readonly bytes: number
}

/** The directory of a zip file without comments and without zip64, in its order. */
export function membersOf(zip: Buffer): readonly ZipMember[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'))
  const members: ZipMember[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const name = zip.readUInt16LE(at + 28)
    members.push({
      name: zip.toString('utf8', at + 46, at + 46 + name),
      method: zip.readUInt16LE(at + 10),
      mode: ((zip.readUInt32LE(at + 38) >>> 16) & 0o777).toString(8),
      dataDescriptor: (zip.readUInt16LE(at + 8) & 8) !== 0,
      bytes: zip.readUInt32LE(at + 24),
    })
    at += 46 + name + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return members
}
