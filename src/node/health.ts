import type { HealthCheck } from '../desired/container-spec.ts'
import { HealthError, RkeError } from '../errors.ts'
import { poll } from '../poll.ts'
import type { Secret } from '../secret.ts'
import { readEtcdHealth } from './etcd-health.ts'
import { HttpClient, HttpFailure } from './http-client.ts'
import type { Link } from './link.ts'
import { secureDial } from './secure-dial.ts'

type Dialer = Pick<Link, 'dial'>

export interface HealthOptions {
  /** PEM of the certificate that `check.clientCertificate` names, with its key. */
  readonly clientCert?: { readonly cert: string; readonly key: Secret<string> } | undefined
  /**
   * PEM of the CA to verify the server with. Leave it out for kube-controller-manager and kube-scheduler,
   * which sign their own certificates.
   */
  readonly ca?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Health {
  readonly ok: boolean
  readonly detail: string
}

const REQUEST_LIMIT_MS = 5_000

/** Asks a component once, as seen on its node. Never throws for an unhealthy or unreachable component. */
export async function probeHealth(
  dialer: Dialer,
  check: HealthCheck,
  options: HealthOptions = {},
): Promise<Health> {
  const http = clientFor(dialer, check, options)
  try {
    return await ask(http, check, options.signal)
  } finally {
    http.close()
  }
}

/**
 * Until a component is well: soon at first, then once a second, over one connection. Fails with a
 * `HealthError` that tells the last answer.
 */
export async function waitHealthy(
  dialer: Dialer,
  check: HealthCheck,
  options: HealthOptions & {
    readonly deadlineMs: number
    /** What is asked, for messages: `kube-apiserver on 10.0.0.1`. */
    readonly what?: string
    readonly host?: string
    readonly onWait?: (reason: string) => void
    readonly firstPauseMs?: number
  },
): Promise<void> {
  const { deadlineMs, what = check.url, host, signal, onWait, firstPauseMs = 100 } = options
  const http = clientFor(dialer, check, options)
  try {
    const wait = { what: `${what} to become healthy`, deadlineMs, signal, onWait, host, firstPauseMs }
    await poll(wait, async (either) => {
      const { ok, detail } = await ask(http, check, either)
      return ok ? { done: undefined } : { waiting: detail }
    })
  } catch (error) {
    if (!(error instanceof RkeError) || error.name !== 'DeadlineError') throw error
    throw new HealthError(error.message, {
      cause: error,
      step: `check ${what}`,
      hint: 'look at the log of its container',
      ...(host === undefined ? {} : { host }),
    })
  } finally {
    http.close()
  }
}

async function ask(http: HttpClient, check: HealthCheck, signal?: AbortSignal): Promise<Health> {
  const { pathname, search } = new URL(check.url)
  try {
    const request = { method: 'GET', path: pathname + search, signal, timeoutMs: REQUEST_LIMIT_MS }
    const { status, body } = await http.request(request)
    if (check.success === 'etcd') return readEtcdHealth(status, body)
    return status === 200
      ? { ok: true, detail: 'ok' }
      : { ok: false, detail: `status ${status}: ${complaint(body)}` }
  } catch (error) {
    if (error instanceof HttpFailure) return { ok: false, detail: error.message }
    throw error
  }
}

/** What a component complains of: the checks that failed, where it lists them, else its first line. */
function complaint(body: string): string {
  const lines = body.trim().split('\n')
  const failed = lines.filter((line) => line.startsWith('[-]'))
  return (failed.length > 0 ? failed.join(', ') : (lines[0] ?? '')).slice(0, 200)
}

function clientFor(dialer: Dialer, check: HealthCheck, options: HealthOptions): HttpClient {
  const url = new URL(check.url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const { ca, clientCert } = options
  return new HttpClient(url.host, (signal) =>
    url.protocol === 'https:'
      ? secureDial(dialer, { host, port, ca, ...clientCert, signal, timeoutMs: REQUEST_LIMIT_MS })
      : dialer.dial({ host, port }, signal),
  )
}
