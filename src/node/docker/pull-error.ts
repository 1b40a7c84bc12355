import { ImagePullError } from '../../errors.ts'

/** A pull that failed, with the registry's reason and what to do about it. */
export function pullError(ref: string, host: string, reason: string, cause?: unknown): ImagePullError {
  const hint = HINTS.find(({ text }) => text.test(reason))?.hint ?? 'try `docker pull` on the node'
  return new ImagePullError('the pull failed', {
    host,
    step: `pull image ${ref}`,
    hint,
    why: reason,
    ...(cause === undefined ? {} : { cause }),
  })
}

const HINTS: readonly { readonly text: RegExp; readonly hint: string }[] = [
  {
    text: /toomanyrequests|rate limit/i,
    hint: 'the registry limits downloads: wait, or add its credentials or a mirror to private_registries',
  },
  {
    text: /unauthorized|denied|authentication required|no basic auth/i,
    hint: 'check the image name, and user and password of this registry in private_registries',
  },
  {
    text: /not found|manifest unknown/i,
    hint: 'check the image name and tag (system_images), and that the registry has it',
  },
  {
    text: /no such host|timeout|timed out|connection refused|unreachable|deadline exceeded|EOF/i,
    hint: 'the node cannot reach the registry: check its network, name server and proxy settings of Docker',
  },
  {
    text: /x509|certificate|HTTP response to HTTPS/i,
    hint: "make Docker on the node trust the registry's certificate (/etc/docker/certs.d), or list it under insecure-registries",
  },
  { text: /no space left/i, hint: "the disk of the node is full; free some space below Docker's folder" },
]
