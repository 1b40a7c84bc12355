import { ImagePullError } from '../../errors.ts'
import { realTime } from '../../time.ts'
import type { PullOptions } from '../docker/docker-api.ts'
import type { Node } from '../node.ts'

/** Milliseconds before the second and the third attempt. */
const BACKOFF_MS = [1000, 5000] as const

/** Reasons that may be gone a moment later; a wrong name or password is not among them. */
const TRANSIENT = /timeout|timed out|deadline exceeded|reset|EOF|TLS handshake|refused|no such host|5\d\d /i

/** Pulls an image unless the node has it. Says whether it was pulled. Fails with an `ImagePullError`. */
export async function ensureImage(
  node: Node,
  ref: string,
  options: PullOptions = {},
): Promise<{ pulled: boolean }> {
  if ((await node.docker.inspectImage(ref)) !== undefined) return { pulled: false }
  for (const pause of BACKOFF_MS) {
    try {
      await node.docker.pullImage(ref, options)
      return { pulled: true }
    } catch (error) {
      if (!(error instanceof ImagePullError) || !TRANSIENT.test(error.message)) throw error
    }
    await realTime.pause(pause, options.signal ?? new AbortController().signal).catch(() => undefined)
  }
  await node.docker.pullImage(ref, options)
  return { pulled: true }
}
