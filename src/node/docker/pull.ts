import { Readable } from 'node:stream'
import { DockerError, ImagePullError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import { type DockerClient, SLOW } from './client.ts'
import { dockerMessage } from './docker-error.ts'
import type { RegistryAuth } from './docker-types.ts'
import { pullError } from './pull-error.ts'
import { PullProgress, pullMessage } from './pull-progress.ts'
import { readProgress } from './read-streams.ts'

/**
 * Pulls an image. Docker answers 200 and reports failures in the stream, so that is read to its end. Fails with
 * an `ImagePullError` that holds the registry's reason.
 */
export async function pullImage(
  client: DockerClient,
  ref: string,
  auth: Secret<RegistryAuth> | undefined,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const progress = new PullProgress()
  const onMessage = (line: unknown): void => {
    const message = pullMessage(line)
    if (message.error !== undefined) throw pullError(ref, client.host, message.error)
    const { done, total } = progress.read(message)
    if (total > 0) onProgress(done, total)
  }
  const call = { step: `pull image ${ref}`, limit: SLOW, signal }
  try {
    await client.transfer(call, async (docker, abortSignal, idle) => {
      const login = auth === undefined ? {} : { authconfig: auth.reveal() }
      const request = { _query: splitReference(ref), _body: {}, abortSignal, ...login }
      const answer = Readable.from(await docker.createImage(request))
      await readProgress(docker, idle.received(answer), onMessage)
    })
  } catch (error) {
    if (!(error instanceof DockerError) || error instanceof ImagePullError) throw error
    throw pullError(ref, client.host, dockerMessage(error.cause ?? error), error)
  }
}

/** Name and tag (or digest) of an image reference; the tag is `latest` if there is none, as all would come otherwise. */
export function splitReference(ref: string): { readonly fromImage: string; readonly tag: string } {
  const at = ref.indexOf('@')
  if (at >= 0) return { fromImage: ref.slice(0, at), tag: ref.slice(at + 1) }
  const colon = ref.lastIndexOf(':')
  if (colon > ref.lastIndexOf('/')) return { fromImage: ref.slice(0, colon), tag: ref.slice(colon + 1) }
  return { fromImage: ref, tag: 'latest' }
}
