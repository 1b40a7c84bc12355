import { Readable } from 'node:stream'
import { DockerError } from '../../../errors.ts'
import type { Secret } from '../../../secret.ts'
import { type DockerClient, SLOW } from '../client.ts'
import { dockerMessage } from '../docker-error.ts'
import type { RegistryAuth } from '../docker-types.ts'
import { readProgress } from '../read-streams.ts'
import { type PullFailure, pullFailure } from './pull-error.ts'
import { PullProgress, pullMessage } from './pull-progress.ts'

export interface PullRequest {
  readonly ref: string
  readonly auth?: Secret<RegistryAuth> | undefined
}

/**
 * Pulls an image once, and answers why that failed, if it did. Docker may answer 200 and report a failure in the stream,
 * so that is read to its end. Fails with a `ConnectionError` or a `CancelledError` where it is not the pull that fails.
 */
export async function pullOnce(
  client: DockerClient,
  { ref, auth }: PullRequest,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<PullFailure | undefined> {
  const progress = new PullProgress()
  let failure: PullFailure | undefined
  const onMessage = (line: unknown): void => {
    const message = pullMessage(line)
    if (message.error !== undefined) failure = pullFailure(message.error)
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
    return failure
  } catch (error) {
    if (!(error instanceof DockerError)) throw error
    return pullFailure(dockerMessage(error.cause ?? error))
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
