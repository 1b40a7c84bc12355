import { KubeError, RkeError } from '../../errors.ts'
import { HttpClient } from '../../node/transport/http-client.ts'
import type { Dialer } from './dialer.ts'
import { dialEndpoint, type KubeCredentials } from './endpoint-pool.ts'

/** The version of an API server (`GET /version`); "" for absent fields. */
export interface ServerVersion {
  readonly major: string
  readonly minor: string
  /** Such as `v1.30.4`. */
  readonly gitVersion: string
  readonly gitCommit: string
  readonly gitTreeState: string
  readonly buildDate: string
  readonly goVersion: string
  readonly compiler: string
  readonly platform: string
}

export interface ServerAddress extends KubeCredentials {
  readonly host: string
  readonly port: number
}

const LIMIT_MS = 30_000

/** Reads the version of one API server. Fails with a `KubeError`, or a `CancelledError`. */
export async function readServerVersion(
  dialer: Dialer,
  { host, port, ...credentials }: ServerAddress,
  signal?: AbortSignal,
): Promise<ServerVersion> {
  const endpoint = { dialer, host, port }
  const http = new HttpClient(host, (closed) => dialEndpoint(endpoint, credentials, closed))
  const where = `${host}:${port}`
  try {
    const reply = await http.request({ method: 'GET', path: '/version', signal, timeoutMs: LIMIT_MS })
    if (reply.status !== 200) throw new KubeError(`the API server at ${where} answers ${reply.status}`)
    return versionOf(JSON.parse(reply.body))
  } catch (thrown) {
    if (thrown instanceof RkeError) throw thrown
    throw new KubeError(`the Kubernetes API at ${where} does not answer`, {
      step: 'ask for the version',
      hint: isExpired(thrown)
        ? 'see which certificates have ended, on which nodes, with "rke cert check", and renew them with "rke cert rotate"'
        : 'is kube-apiserver running there, and can this machine reach the port?',
      cause: thrown,
    })
  } finally {
    http.close()
  }
}

/** Of the server, or of the client: a server says so as an alert of TLS. */
function isExpired(thrown: unknown): boolean {
  return (
    thrown instanceof Error && /certificate.*expired/i.test(`${thrown.message} ${String(thrown.cause ?? '')}`)
  )
}

function versionOf(said: Readonly<Record<string, unknown>>): ServerVersion {
  const text = (key: keyof ServerVersion): string => (typeof said[key] === 'string' ? said[key] : '')
  return {
    major: text('major'),
    minor: text('minor'),
    gitVersion: text('gitVersion'),
    gitCommit: text('gitCommit'),
    gitTreeState: text('gitTreeState'),
    buildDate: text('buildDate'),
    goVersion: text('goVersion'),
    compiler: text('compiler'),
    platform: text('platform'),
  }
}
