import { Readable } from 'node:stream'

/** The same bytes; `onBytes` is called after each piece with the total so far. */
export function counted(source: Readable, onBytes: (bytes: number) => void): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    let bytes = 0
    for await (const piece of source) {
      yield piece
      bytes += piece.length
      onBytes(bytes)
    }
  }
  return Readable.from(pieces(), { objectMode: false })
}
