import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import { ConnectionError } from '../errors.ts'
import { asSocket } from '../node/transport/as-socket.ts'
import type { Link } from '../node/transport/link.ts'
import { secureDial } from '../node/transport/secure-dial.ts'
import type { Time } from '../time.ts'
import type { HostPort } from './proxy.ts'

interface Dialling {
  readonly signal: AbortSignal
  readonly time: Time
}

/**
 * A way through an HTTP proxy that the machine can reach (`CONNECT`).
 * @throws ConnectionError that names the proxy, without its login.
 */
export function throughProxy(
  machine: Pick<Link, 'dial'>,
  proxy: URL,
  { signal, time }: Dialling,
): Pick<Link, 'dial'> {
  return {
    async dial(to) {
      if ('socket' in to) throw new ConnectionError('other', 'a proxy leads to no socket')
      return await tunnel(await reach(machine, proxy, { signal, time }), proxy, to, signal)
    },
  }
}

async function reach(machine: Pick<Link, 'dial'>, proxy: URL, { signal, time }: Dialling): Promise<Duplex> {
  const host = proxy.hostname.replace(/^\[(.*)\]$/, '$1')
  const isSecure = proxy.protocol === 'https:'
  if (!isSecure && proxy.protocol !== 'http:') {
    throw new ConnectionError('other', `a proxy of kind ${proxy.protocol.slice(0, -1)} cannot be used`, {
      hint: 'set an HTTP proxy in HTTPS_PROXY, or except the host in NO_PROXY',
    })
  }
  const port = Number(proxy.port || (isSecure ? 443 : 80))
  if (isSecure) return await secureDial(machine, { host, port, isPublic: true, signal, time })
  try {
    return await machine.dial({ host, port }, signal)
  } catch (cause) {
    throw new ConnectionError('other', `no connection to the proxy ${proxy.host}`, {
      cause,
      hint: 'check HTTPS_PROXY, or except the host in NO_PROXY',
    })
  }
}

function tunnel(stream: Duplex, proxy: URL, to: HostPort, signal: AbortSignal): Promise<Duplex> {
  const target = `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  const fail = (error: unknown): void => {
    stream.destroy()
    reject(error)
  }
  const asked = request({
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...login(proxy) },
    createConnection: () => asSocket(stream),
    signal,
  })
  asked.once('connect', ({ statusCode = 0 }) => {
    if (statusCode >= 200 && statusCode < 300) return resolve(stream)
    fail(
      new ConnectionError('other', `the proxy ${proxy.host} gives no connection to ${target}`, {
        why: `it answers ${statusCode}`,
        hint:
          statusCode === 407
            ? 'write its login in HTTPS_PROXY: http://name:password@host:port'
            : 'allow it there, or except the host in NO_PROXY',
      }),
    )
  })
  asked.once('response', ({ statusCode }) =>
    fail(new ConnectionError('other', `the proxy ${proxy.host} answers ${statusCode}`)),
  )
  asked.on('error', fail)
  asked.end()
  return promise
}

function login({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {}
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` }
}
