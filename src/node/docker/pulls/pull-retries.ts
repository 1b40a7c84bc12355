import type { DockerClient } from '../client.ts'
import type { PullListener } from '../docker-api.ts'
import { cancelled } from '../docker-error.ts'
import { type PullRequest, pullOnce } from './pull.ts'
import { pullError } from './pull-error.ts'

/** Milliseconds before the second, third, … try. */
const BACKOFF_MS = [2_000, 5_000, 15_000, 30_000] as const
const TRIES = BACKOFF_MS.length + 1

/**
 * Pulls an image, up to five times where the cause of a failure may pass, as when a registry limits or drops downloads;
 * layers that are there are not pulled again. Fails with an `ImagePullError` that holds the registry's reason.
 */
export async function pullWithRetries(
  client: DockerClient,
  request: PullRequest,
  { onProgress, onRetry }: Required<PullListener>,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const failure = await pullOnce(client, request, onProgress, signal)
    if (failure === undefined) return
    const pauseMs = failure.mayPass ? BACKOFF_MS[attempt - 1] : undefined
    if (pauseMs === undefined) throw pullError(request.ref, client.host, failure, attempt)
    onRetry({ attempt: attempt + 1, tries: TRIES, pauseMs, reason: failure.reason })
    await client.time.pause(pauseMs, signal).catch(() => {
      throw cancelled(client.host, `pull image ${request.ref}`)
    })
  }
}
