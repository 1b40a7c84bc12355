import { ConnectionError, DockerError } from '../../errors.ts'

/** What RKE uses. Docker derives a container's defaults from the version of the request that creates it. */
const WANTED = '1.41'
/** Docker 1.13, the oldest that any supported Kubernetes version accepts. */
const OLDEST = '1.25'

/** Part of the answer to `GET /version`. */
export interface VersionAnswer {
  readonly Version: string
  readonly ApiVersion: string
  readonly MinAPIVersion?: string
}

/**
 * The API version for all requests to a daemon: 1.41 if it accepts that, else the nearest it does accept.
 * Fails with a `ConnectionError` of kind `docker-too-old`.
 */
export function chooseApiVersion(answer: VersionAnswer, host: string): string {
  if (compare(answer.ApiVersion, OLDEST) < 0) {
    throw new ConnectionError(
      'docker-too-old',
      `Docker ${answer.Version} is too old: it speaks API ${answer.ApiVersion}, and ${OLDEST} is needed`,
      { host, step: 'ask Docker for its version', hint: 'update Docker on the node' },
    )
  }
  const oldest = answer.MinAPIVersion ?? OLDEST
  if (compare(oldest, WANTED) > 0) return oldest
  return compare(answer.ApiVersion, WANTED) < 0 ? answer.ApiVersion : WANTED
}

function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA - majorB || minorA - minorB
}

/** Checks that something answers like Docker. */
export function versionAnswer(value: unknown, host: string): VersionAnswer {
  if (isVersionAnswer(value)) return value
  throw new DockerError('what answers is not Docker: it reports no version', {
    host,
    step: 'ask Docker for its version',
    hint: 'check docker_socket',
  })
}

function isVersionAnswer(value: unknown): value is VersionAnswer {
  if (typeof value !== 'object' || value === null) return false
  return (
    typeof Reflect.get(value, 'Version') === 'string' && typeof Reflect.get(value, 'ApiVersion') === 'string'
  )
}
