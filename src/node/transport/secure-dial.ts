import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { CancelledError, ConnectionError, RkeError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import { realTime, type Time } from '../../time.ts'
import type { Link } from './link.ts'

export interface SecureDialOptions {
  readonly host: string
  readonly port: number
  /** PEM of the authorities to trust. Without it the server's certificate is not verified. */
  readonly ca?: string | undefined
  /** Without `ca`: those authorities are trusted that Node trusts by itself. */
  readonly isPublic?: boolean | undefined
  /** PEM of the client certificate, with its key. */
  readonly cert?: string | undefined
  readonly key?: Secret<string> | undefined
  /** Name or address that the server's certificate must carry; `host` by default. */
  readonly servername?: string | undefined
  /** Limit for dialling and the handshake together, 10 s by default. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly time?: Time | undefined
}

/**
 * Opens a TLS 1.2+ connection to an address that the node can reach. Fails with a `ConnectionError`:
 * `timed-out`, `handshake` (TLS, wrong certificate) or whatever the dialler gives.
 */
export async function secureDial(dialer: Pick<Link, 'dial'>, options: SecureDialOptions): Promise<TLSSocket> {
  const { host, port, timeoutMs = 10_000, signal, time = realTime } = options
  const limit = time.limit(timeoutMs)
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
  const where = `${host}:${port}`
  try {
    const stream = await dialer.dial({ host, port }, either)
    return await handshake(stream, options, either)
  } catch (thrown) {
    if (signal?.aborted) throw new CancelledError(`stopped while connecting to ${where}`, { cause: thrown })
    if (limit.aborted) {
      throw new ConnectionError('timed-out', `no TLS connection to ${where} within ${timeoutMs} ms`, {
        cause: thrown,
        why: '',
      })
    }
    if (thrown instanceof RkeError) throw thrown
    throw new ConnectionError('handshake', `no TLS connection to ${where}`, { cause: thrown })
  }
}

function handshake(stream: Duplex, options: SecureDialOptions, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...tlsOptions(options), socket: stream })
    const fail = (error: unknown): void => {
      socket.destroy()
      stream.destroy()
      reject(error)
    }
    const aborted = (): void => fail(signal.reason)
    // The stream is not a net.Socket, so neither its errors nor its end reach the TLS socket by themselves.
    stream.on('error', (error) => socket.destroy(error))
    stream.once('close', () => socket.destroy())
    socket.once('close', () => {
      stream.destroy()
      fail(new Error('connection closed during the TLS handshake'))
    })
    socket.once('error', fail)
    signal.addEventListener('abort', aborted, { once: true })
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', aborted)
      socket.off('error', fail)
      // A broken connection is reported to its user; without a listener it would end the process.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

function tlsOptions(options: SecureDialOptions): ConnectionOptions {
  const { host, ca, cert, isPublic = false, key, servername = host } = options
  return {
    // `host` is what the certificate is compared with; SNI takes names only, no addresses (RFC 6066 §3).
    host: servername,
    ...(isIP(servername) === 0 ? { servername } : {}),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: ca !== undefined || isPublic,
    // As for Go, whatever is trusted need not have signed itself: an intermediate authority will do.
    ...(ca === undefined ? {} : { ca, allowPartialTrustChain: true }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key: key.reveal() }),
  }
}
