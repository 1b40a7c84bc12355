import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { CancelledError } from '../../../errors.ts'
import { type Authentication, authentication } from '../login/authentication.ts'
import { allowCertificates } from '../login/certificate-login.ts'
import type { Credentials } from '../login/credentials.ts'
import { OfferLog } from '../login/offers.ts'
import { withoutBrackets } from './address.ts'
import { ALGORITHMS } from './algorithms.ts'
import { type ConnectPhase, connectError } from './connect-error.ts'
import { gatheringSocket } from './gather-writes.ts'

/** One SSH server to connect to. */
export interface Hop {
  /** As in cluster.yml. */
  readonly address: string
  readonly port: number
  readonly user: string
  /** For messages: `connect by SSH`. */
  readonly step: string
  readonly credentials: Credentials
  /** A stream to the server through a bastion; a TCP connection is made without it. */
  readonly through?: Duplex
  /** Milliseconds for TCP, handshake and login together. */
  readonly timeoutMs: number
  /** Milliseconds of silence after which the server is asked whether it is still there. */
  readonly keepaliveMs: number
}

const KEEPALIVES_MISSED = 3

/**
 * Connects and logs in once. Fails with a classified `ConnectionError`, or with a `CancelledError` when the
 * signal is aborted. Host keys are not checked, as in RKE.
 */
export function connect(hop: Hop, signal: AbortSignal): Promise<Client> {
  const offers = new OfferLog()
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    let phase: ConnectPhase = 'tcp'
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', onAbort)
      client.removeListener('error', onError)
      client.removeListener('close', onClose)
      finish()
    }
    const fail = (error: Error): void => {
      settle(() => reject(error))
      client.destroy()
    }
    const onError = (error: Error): void => {
      // ssh2 goes on with the next key after that.
      if (isAgentError(error)) auth.record.agentErrors.push(error.message)
      else fail(connectError(error, { hop, phase, offers, record: auth.record }))
    }
    const onClose = (): void => onError(new Error('the server closed the connection'))
    const attempt = (work: () => void): void => {
      try {
        work()
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)))
      }
    }
    const auth = authentication(hop.user, hop.credentials, () => attempt(() => allowCertificates(client)))
    const onAbort = (): void =>
      fail(new CancelledError('it was cancelled', { host: hop.address, step: hop.step }))
    // Whoever takes the client over listens later, and a client without a listener would end the process.
    client.on('error', () => undefined)
    client.on('error', onError)
    client.on('close', onClose)
    client.on('connect', () => {
      phase = 'handshake'
    })
    client.on('handshake', () => {
      phase = 'login'
    })
    client.on('ready', () => {
      phase = 'ready'
      settle(() => resolve(client))
    })
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort)
    const onDebug = (line: string): void => {
      if (phase === 'handshake') offers.read(line)
    }
    attempt(() => {
      client.connect(connectConfig(hop, auth, onDebug))
      // Requests are small and wait for each other: held back for an acknowledgement, each takes 40 ms more.
      client.setNoDelay(true)
    })
  })
}

/** Is being connected. What ssh2 sets on a socket of its own is set on it as well. */
function tcpSocket({ address, port }: Hop): Socket {
  return gatheringSocket({ host: withoutBrackets(address), port }).setMaxListeners(0)
}

function connectConfig(hop: Hop, auth: Authentication, debug: (line: string) => void): ConnectConfig {
  return {
    host: withoutBrackets(hop.address),
    port: hop.port,
    username: hop.user,
    sock: hop.through ?? tcpSocket(hop),
    algorithms: ALGORITHMS,
    readyTimeout: hop.timeoutMs,
    keepaliveInterval: hop.keepaliveMs,
    keepaliveCountMax: KEEPALIVES_MISSED,
    // Other servers than OpenSSH can forward Unix sockets too; the server itself says if it cannot.
    strictVendor: false,
    debug,
    authHandler: (left, partial, next) => {
      const method = auth.next(left, partial)
      // ssh2 ends the attempt on `false`, which its types do not mention.
      Reflect.apply(next, undefined, [method])
    },
  }
}

function isAgentError(error: Error): boolean {
  return Reflect.get(error, 'level') === 'agent'
}
