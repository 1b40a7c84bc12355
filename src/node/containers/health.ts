import type { HealthCheck } from '../../desired/container-spec.ts'
import { HealthError, RkeError } from '../../errors.ts'
import { poll } from '../../poll.ts'
import type { Secret } from '../../secret.ts'
import type { Time } from '../../time.ts'
import { HttpClient, HttpFailure } from '../transport/http-client.ts'
import type { Link } from '../transport/link.ts'
import type { OpenStream } from '../transport/link-agent.ts'
import { secureDial } from '../transport/secure-dial.ts'
import { readEtcdHealth } from './etcd-health.ts'

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
  /** The machine's own by default. */
  readonly time?: Time | undefined
}

export interface Health {
  readonly ok: boolean
  readonly detail: string
}

const REQUEST_LIMIT_MS = 5_000

/** Asks one component, over one connection. */
export interface HealthProbe {
  /** Never throws for an unhealthy or unreachable component. */
  ask(signal?: AbortSignal): Promise<Health>
  close(): void
}

/** Asks a component as it is seen on its node. */
export function openProbe(dialer: Dialer, check: HealthCheck, options: HealthOptions = {}): HealthProbe {
  const http = clientFor(dialer, check, options)
  return { ask: (signal = options.signal) => ask(http, check, signal), close: () => http.close() }
}

export interface HealthWait {
  readonly deadlineMs: number
  /** What is asked, for messages: `kube-apiserver on 10.0.0.1`. */
  readonly what?: string
  readonly host?: string
  readonly signal?: AbortSignal | undefined
  readonly onWait?: (reason: string) => void
  /** Whether the component is gone, so that waiting is in vain; asked each time it is unhealthy. */
  readonly hasEnded?: () => Promise<boolean>
  readonly firstPauseMs?: number
  /** The machine's clock by default. */
  readonly time?: Time | undefined
}

/**
 * Until a component is healthy: soon at first, then once a second. Closes the probe. Fails with a `HealthError` that
 * gives the last answer, when the time is over or the component has ended.
 */
export async function untilHealthy(probe: HealthProbe, options: HealthWait): Promise<void> {
  const { deadlineMs, what = 'the component', host, signal, onWait, firstPauseMs = 100, time } = options
  const failed = (message: string, cause?: unknown): HealthError =>
    new HealthError(message, {
      cause,
      why: '',
      step: `check ${what}`,
      hint: 'check the log of its container',
      ...(host === undefined ? {} : { host }),
    })
  try {
    const wait = { what: `${what} to become healthy`, deadlineMs, signal, onWait, host, firstPauseMs, time }
    await poll(wait, async (either) => {
      const { ok, detail } = await probe.ask(either)
      if (ok) return { done: undefined }
      if (await options.hasEnded?.()) throw failed(`${what} has ended: ${detail}`)
      return { waiting: detail }
    })
  } catch (error) {
    if (!(error instanceof RkeError) || error.name !== 'DeadlineError') throw error
    throw failed(error.what, error)
  } finally {
    probe.close()
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
  return failedChecks(body) ?? (body.trim().split('\n')[0] ?? '').slice(0, 200)
}

/** The checks that failed of those that a health endpoint of Kubernetes lists, if it lists any. */
export function failedChecks(body: string): string | undefined {
  const failed = body.split('\n').filter((line) => line.startsWith('[-]'))
  return failed.length === 0 ? undefined : failed.join(', ').slice(0, 200)
}

function clientFor(dialer: Dialer, check: HealthCheck, options: HealthOptions): HttpClient {
  const url = new URL(check.url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const { ca, clientCert, time } = options
  const server = { host, port, ca, ...clientCert, timeoutMs: REQUEST_LIMIT_MS, time }
  const open: OpenStream = (signal) =>
    url.protocol === 'https:'
      ? secureDial(dialer, { ...server, signal })
      : dialer.dial({ host, port }, signal)
  return new HttpClient(url.host, open, { time })
}
