import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { CatalogError } from '../errors.ts'
import { realTime, type Time } from '../time.ts'

export interface FetchOptions {
  /** Proxies are taken from `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in either case. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** For the whole document. */
  readonly timeoutMs?: number
  readonly maxBytes?: number
  readonly signal?: AbortSignal
  readonly time?: Time
}

/** RKE's own limit. */
const usualTimeout = 30_000
/** The published document has about 10 MB, an executable with one in it about 60. */
export const usualMaxBytes = 256 * 1024 * 1024

/** The limit of Go's HTTP client. */
const maxRedirections = 10

/**
 * Fetches a document, on any port (`fetch` refuses some). A user name and password in the URL are sent as basic
 * authentication.
 * @throws CatalogError with the reason, without credentials.
 */
export async function fetchDocument(location: string, options: FetchOptions = {}): Promise<Uint8Array> {
  const { env = {}, maxBytes = usualMaxBytes, signal, time = realTime, timeoutMs = usualTimeout } = options
  const { headers, url } = withoutCredentials(location)
  const { EnvHttpProxyAgent, interceptors, request } = await import('undici')
  const agent = new EnvHttpProxyAgent(proxies(env))
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections, throwOnMaxRedirect: true }))
  const deadline = time.limit(timeoutMs)
  const signals = signal === undefined ? [deadline] : [deadline, signal]
  try {
    const asked = { ...headers, 'accept-encoding': 'gzip' }
    const answer = await request(url, { dispatcher, headers: asked, signal: AbortSignal.any(signals) })
    if (answer.statusCode < 200 || answer.statusCode > 299) {
      throw new CatalogError(`the server answered ${answer.statusCode} ${answer.statusText}`.trim())
    }
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of unpacked(answer)) {
      size += chunk.length
      if (size > maxBytes) throw new CatalogError(`it is larger than ${Math.ceil(maxBytes / 2 ** 20)} MiB`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (thrown) {
    if (thrown instanceof CatalogError) throw thrown
    const late = deadline.aborted && signal?.aborted !== true
    throw new CatalogError(late ? `it was not there after ${timeoutMs / 1000} s` : reasonOf(thrown), {
      cause: thrown,
      why: '',
    })
  } finally {
    await agent.destroy()
  }
}

/** The bytes of a reply, decompressed if needed. The stream fails when the connection does. */
function unpacked({ body, headers }: Dispatcher.ResponseData): AsyncIterable<Uint8Array> {
  if (headers['content-encoding'] !== 'gzip') return body
  return pipeline(body, createGunzip(), () => {})
}

/** The location for output: without a password, and without query values, which may be tokens. */
export function shownLocation(location: string): string {
  if (!/^[a-z]+:\/\//i.test(location)) return location
  return location.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1').replace(/([?&][^=&#]*=)[^&#]+/g, '$1…')
}

/** @throws CatalogError if it is not a URL. */
export function urlOf(location: string): URL {
  if (!URL.canParse(location)) throw new CatalogError('it is not a valid URL')
  return new URL(location)
}

function withoutCredentials(location: string): { url: string; headers: Record<string, string> } {
  const url = urlOf(location)
  const { password, username } = url
  url.username = ''
  url.password = ''
  if (username === '' && password === '') return { url: url.href, headers: {} }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } }
}

function proxies(env: Readonly<Record<string, string | undefined>>) {
  const httpProxy = env.HTTP_PROXY ?? env.http_proxy
  const httpsProxy = env.HTTPS_PROXY ?? env.https_proxy
  const noProxy = env.NO_PROXY ?? env.no_proxy
  return {
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy: noProxy ?? '',
  }
}

/** The error of the network. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause ? String(cause.code) : ''
  return cause.message === '' ? code || cause.name : cause.message
}
