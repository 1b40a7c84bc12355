import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { ConnectionError } from '../../errors.ts'
import type { Link } from './link.ts'
import { type SecureDialOptions, secureDial } from './secure-dial.ts'

/**
 * PEM of the certificate that a server shows at an address the node can reach; nothing of it is verified, so it may have
 * ended. Fails as `secureDial` does. A server that wants a client certificate and gets none, or one that has ended, shows
 * its own first (TLS 1.3).
 */
export async function readServedCertificate(
  dialer: Pick<Link, 'dial'>,
  options: Pick<SecureDialOptions, 'host' | 'port' | 'cert' | 'key' | 'timeoutMs' | 'signal' | 'time'>,
): Promise<string> {
  const socket: TLSSocket = await secureDial(dialer, options)
  try {
    const shown: X509Certificate | undefined = socket.getPeerX509Certificate()
    if (shown !== undefined) return shown.toString()
  } finally {
    socket.destroy()
  }
  throw new ConnectionError('handshake', `${options.host}:${options.port} shows no certificate`)
}
