import { Readable } from 'node:stream'
import { DockerError } from '../../errors.ts'
import { type DockerClient, SLOW } from './client.ts'
import type { RequestOptions } from './docker-api.ts'

const STEP = 'save images'
/** A tar archive ends with two blocks of zeros. */
const END = Buffer.alloc(1024)

/** Asks for an archive of images. Its stream fails, with an error of ours, if it is cut short. */
export async function saveImages(
  client: DockerClient,
  refs: readonly string[],
  { signal }: RequestOptions,
): Promise<Readable> {
  const call = { step: STEP, limit: SLOW, signal }
  const archive = await client.download(call, async (docker, abortSignal) =>
    Readable.from(await docker.getImages({ _query: { names: refs }, abortSignal })),
  )
  const whole = Readable.from(complete(archive, client.host), { objectMode: false })
  return whole.once('close', () => archive.destroy())
}

/** What Docker finds out after it began to answer, such as a damaged layer, it writes in place of the rest. */
async function* complete(archive: Readable, host: string): AsyncGenerator<Buffer> {
  let tail: Buffer = Buffer.alloc(0)
  for await (const piece of archive) {
    yield piece
    tail = Buffer.concat([tail, piece]).subarray(-END.length)
  }
  if (tail.equals(END)) return
  const said = /\{"errorDetail".*/s.exec(tail.toString('latin1'))?.[0].trim() ?? 'the archive is cut short'
  throw new DockerError('Docker failed', {
    host,
    why: said,
    step: STEP,
    hint: 'remove the damaged image there, or the disk has no room left; then run the command again',
  })
}
