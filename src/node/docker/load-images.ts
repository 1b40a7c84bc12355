import { Readable } from 'node:stream'
import { DockerError } from '../../errors.ts'
import { counted } from '../transport/counted.ts'
import { type DockerClient, SLOW } from './client.ts'
import type { LoadOptions } from './docker-api.ts'
import { dockerMessage } from './docker-error.ts'
import { pullMessage } from './pulls/pull-progress.ts'
import { readProgress } from './read-streams.ts'

const STEP = 'load images'
const LOADED = /^Loaded image(?: ID)?: (\S+)/

/**
 * Sends an archive to Docker and reads its answer to the end: Docker may answer 200 and report a failure in the
 * stream. Reports progress while images are unpacked, which distinguishes a slow disk from a Docker that hangs.
 */
export async function loadImages(
  client: DockerClient,
  archive: Readable,
  { onProgress, signal }: LoadOptions,
): Promise<readonly string[]> {
  let reading: unknown
  archive.once('error', (error) => {
    reading = error
  })
  const names: string[] = []
  try {
    await client.transfer({ step: STEP, limit: SLOW, signal }, async (docker, abortSignal, idle) => {
      const sent = counted(archive, (bytes) => {
        idle.moved()
        onProgress?.(bytes)
      })
      const request = { _query: { quiet: false }, _body: {}, abortSignal }
      const answer = idle.received(Readable.from(await docker.loadImage(sent, request)))
      await readProgress(docker, answer, (line) => names.push(...loadedName(line, client.host)))
    })
    return names
  } catch (error) {
    if (reading !== undefined) throw reading
    const unexplained = error instanceof DockerError && error.hint === undefined
    throw unexplained ? unusable(dockerMessage(error.cause), client.host) : error
  } finally {
    archive.destroy()
  }
}

function loadedName(line: unknown, host: string): readonly string[] {
  const { error } = pullMessage(line)
  if (error !== undefined) throw unusable(error, host)
  const said: unknown = typeof line === 'object' && line !== null ? Reflect.get(line, 'stream') : undefined
  const name = typeof said === 'string' ? LOADED.exec(said)?.[1] : undefined
  return name === undefined ? [] : [name]
}

function unusable(reason: string, host: string): DockerError {
  return new DockerError('Docker failed', {
    host,
    why: reason,
    step: STEP,
    hint: 'the file must be an archive of "rke images save" or "docker save", and the disk have room for it',
  })
}
