import type { Readable } from 'node:stream'
import { CancelledError, ConnectionError, ImagePullError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import type { DockerClient } from './client.ts'
import { cancelled, dockerMessage } from './docker-error.ts'
import type { RegistryAuth } from './docker-types.ts'
import { jsonLines } from './json-lines.ts'
import { pullError } from './pull-error.ts'
import { PullProgress, pullMessage } from './pull-progress.ts'

/**
 * Pulls an image. Docker answers 200 and tells failures in the stream, so that is read to its end. Fails with
 * an `ImagePullError` that holds the registry's reason.
 */
export async function pullImage(
  client: DockerClient,
  ref: string,
  auth: Secret<RegistryAuth> | undefined,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const step = `pull image ${ref}`
  try {
    const stream = await client.stream({
      method: 'POST',
      path: '/images/create',
      query: { ...splitReference(ref) },
      step,
      signal,
      ...(auth === undefined ? {} : { registryAuth: auth.reveal() }),
    })
    await readAnswer(stream, ref, client.host, onProgress)
  } catch (error) {
    if (signal.aborted) throw cancelled(client.host, step)
    if (error instanceof ImagePullError || error instanceof CancelledError) throw error
    const failure = client.failure(error, step)
    if (failure instanceof ConnectionError) throw failure
    throw pullError(ref, client.host, dockerMessage(failure.cause ?? failure), failure)
  }
}

async function readAnswer(
  stream: Readable,
  ref: string,
  host: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const progress = new PullProgress()
  for await (const line of jsonLines(stream)) {
    const message = pullMessage(line)
    if (message.error !== undefined) throw pullError(ref, host, message.error)
    const { done, total } = progress.read(message)
    if (total > 0) onProgress(done, total)
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
