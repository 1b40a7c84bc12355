import { Readable } from 'node:stream'
import { DockerError } from '../../errors.ts'
import type { DockerClient } from './client.ts'

const STEP = 'save images'
/** A tar archive ends with two blocks of zeros. */
const END = Buffer.alloc(1024)

/** Asks for an archive of images. Its stream fails, with an error of ours, if it is cut short. */
export async function saveImages(
  client: DockerClient,
  refs: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Readable> {
  const names = refs.map((ref) => `names=${encodeURIComponent(ref)}`).join('&')
  const call = { method: 'GET', path: `/images/get?${names}`, step: STEP } as const
  const archive = await client.stream({ ...call, ...(signal !== undefined && { signal }) })
  return Readable.from(complete(archive, client), { objectMode: false })
}

/** What Docker finds out after it began to answer, such as a damaged layer, it writes in place of the rest. */
async function* complete(archive: Readable, client: DockerClient): AsyncGenerator<Buffer> {
  let tail: Buffer = Buffer.alloc(0)
  try {
    for await (const piece of archive) {
      yield piece
      tail = Buffer.concat([tail, piece]).subarray(-END.length)
    }
  } catch (error) {
    throw client.failure(error, STEP)
  }
  if (tail.equals(END)) return
  const said = /\{"errorDetail".*/s.exec(tail.toString('latin1'))?.[0].trim() ?? 'the archive is cut short'
  throw new DockerError(`Docker on ${client.host} could not ${STEP}: ${said}`, {
    host: client.host,
    step: STEP,
    hint: 'remove the damaged image there, or the disk has no room left; then run the command again',
  })
}
