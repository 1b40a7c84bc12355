/** The few data types of RFC 4251 §5 that keys, certificates and signatures are made of. */

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function string(value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** A non-negative integer, given as big-endian bytes, in the form without needless leading zeros. */
export function mpint(bytes: Buffer): Buffer {
  let start = 0
  while (start < bytes.length && bytes[start] === 0) start += 1
  const trimmed = bytes.subarray(start)
  const signed = ((trimmed[0] ?? 0) & 0x80) !== 0
  return string(signed ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed)
}

/** Reads such values one after the other; throws a `RangeError` at the end of the bytes. */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at)
    this.#at += 4
    return value
  }

  uint64(): bigint {
    const value = this.#bytes.readBigUInt64BE(this.#at)
    this.#at += 8
    return value
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.#at)
    this.#at += 1
    return value
  }

  string(): Buffer {
    const length = this.uint32()
    if (length > this.#bytes.length - this.#at) throw new RangeError('value is longer than its message')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  text(): string {
    return this.string().toString('utf8')
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }
}
