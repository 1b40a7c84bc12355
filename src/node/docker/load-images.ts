import type { Readable } from 'node:stream'
import { DockerError } from '../../errors.ts'
import { counted } from '../transport/counted.ts'
import type { DockerClient } from './client.ts'
import type { LoadOptions } from './docker-api.ts'
import { dockerMessage } from './docker-error.ts'
import { jsonLines } from './json-lines.ts'
import { pullMessage } from './pull-progress.ts'

const STEP = 'load images'
const LOADED = /^Loaded image(?: ID)?: (\S+)/

/**
 * Sends an archive to Docker and reads what it says of it. Docker may answer 200 and tell a failure in the stream,
 * so that is read to its end.
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
  try {
    const answer = await client.stream({
      method: 'POST',
      path: '/images/load',
      query: { quiet: true },
      step: STEP,
      archive: onProgress === undefined ? archive : counted(archive, onProgress),
      ...(signal !== undefined && { signal }),
    })
    return await loadedNames(answer, client.host)
  } catch (error) {
    if (reading !== undefined) throw reading
    const failure = client.failure(error, STEP)
    const unexplained = failure instanceof DockerError && failure.hint === undefined
    throw unexplained ? unusable(dockerMessage(failure.cause), client.host) : failure
  } finally {
    archive.destroy()
  }
}

async function loadedNames(answer: Readable, host: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const line of jsonLines(answer)) {
    const { error } = pullMessage(line)
    if (error !== undefined) throw unusable(error, host)
    const said: unknown = typeof line === 'object' && line !== null ? Reflect.get(line, 'stream') : undefined
    const name = typeof said === 'string' ? LOADED.exec(said)?.[1] : undefined
    if (name !== undefined) names.push(name)
  }
  return names
}

function unusable(reason: string, host: string): DockerError {
  return new DockerError(`Docker on ${host} could not ${STEP}: ${reason}`, {
    host,
    step: STEP,
    hint: 'the file must be an archive of "rke images save" or "docker save", and the disk have room for it',
  })
}
