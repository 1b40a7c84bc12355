import { ImagePullError } from '../../../errors.ts'

/** What a reason that Docker or a registry gives for a failed pull means. */
export interface PullFailure {
  readonly reason: string
  /** It may be over in a moment: the same pull is worth another try. */
  readonly mayPass: boolean
  readonly hint: string
}

/** Reads the reason, which is text: neither Docker's API nor registries give more. */
export function pullFailure(reason: string): PullFailure {
  const { mayPass = false, hint = 'try `docker pull` on the node' } =
    CAUSES.find(({ text }) => text.test(reason)) ?? {}
  return { reason, mayPass, hint }
}

/** A pull that failed for good, with the registry's reason and what to do about it. */
export function pullError(
  ref: string,
  host: string,
  { reason, hint }: PullFailure,
  tries: number,
): ImagePullError {
  return new ImagePullError(tries === 1 ? 'the pull failed' : `the pull failed ${tries} times`, {
    host,
    step: `pull image ${ref}`,
    hint,
    why: reason,
  })
}

/** The first that fits counts. */
const CAUSES: readonly { readonly text: RegExp; readonly mayPass: boolean; readonly hint: string }[] = [
  {
    text: /toomanyrequests|too many requests|rate limit|\b429\b/i,
    mayPass: true,
    hint: 'the registry limits downloads: wait, or add its credentials or a mirror to private_registries',
  },
  {
    text: /x509|certificate|HTTP response to HTTPS/i,
    mayPass: false,
    hint: "make Docker on the node trust the registry's certificate (/etc/docker/certs.d), or list it under insecure-registries",
  },
  {
    text: /unauthorized|denied|authentication required|no basic auth/i,
    mayPass: false,
    hint: 'check the image name, and user and password of this registry in private_registries',
  },
  {
    text: /unexpected (HTTP )?status.*\b5\d\d\b|\b5\d\d (internal server error|bad gateway|service unavailable|gateway time-?out)|internal server error|bad gateway|service unavailable/i,
    mayPass: true,
    hint: 'the registry does not work properly at the moment: wait, or add a mirror to private_registries',
  },
  {
    text: /not found|manifest unknown/i,
    mayPass: false,
    hint: 'check the image name and tag (system_images), and that the registry has it',
  },
  {
    text: /no such host|server misbehaving|timeout|timed out|deadline exceeded|TLS handshake|connection re(fused|set)|broken pipe|unreachable|no route to host|EOF/i,
    mayPass: true,
    hint: 'the node cannot reach the registry: check its network, name server and proxy settings of Docker',
  },
  {
    text: /no space left/i,
    mayPass: false,
    hint: "the disk of the node is full; free some space below Docker's folder",
  },
]
