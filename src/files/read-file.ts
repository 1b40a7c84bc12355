import { createReadStream } from 'node:fs'
import { RkeError } from '../errors.ts'

const MiB = 1024 * 1024

/**
 * The bytes of a file, at most `most`: reading stops there, so that an endless device does no harm.
 * @throws the file system's error, or that the file is too large.
 */
export async function readBytes(path: string, most: number): Promise<Buffer> {
  const bytes = await readUpTo(path, most + 1)
  if (bytes.length > most) throw new RkeError(`it is larger than ${Math.ceil(most / MiB)} MiB`)
  return bytes
}

/** The same as text in UTF-8. */
export const readText = async (path: string, most: number): Promise<string> =>
  (await readBytes(path, most)).toString('utf8')

/** The first bytes of a file, all of them if it has no more than `count`. */
export async function readUpTo(path: string, count: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of createReadStream(path, { end: count - 1 })) chunks.push(chunk)
  return Buffer.concat(chunks)
}
