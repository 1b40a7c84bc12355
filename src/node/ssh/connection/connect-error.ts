import { ConnectionError, type ConnectionFailure, type ErrorDetails } from '../../../errors.ts'
import type { AuthenticationRecord } from '../login/authentication.ts'
import { authenticationFailure } from '../login/authentication-failure.ts'
import type { OfferLog } from '../login/offers.ts'
import type { Hop } from './connect.ts'

/** How far a connection attempt came. */
export type ConnectPhase = 'tcp' | 'handshake' | 'login' | 'ready'

export interface ConnectAttempt {
  readonly hop: Pick<Hop, 'address' | 'port' | 'user' | 'step' | 'credentials' | 'timeoutMs'>
  readonly phase: ConnectPhase
  readonly offers: OfferLog
  readonly record: AuthenticationRecord
}

/** Describes why an attempt failed, in the terms of its fix. */
export function connectError(error: Error, attempt: ConnectAttempt): ConnectionError {
  if (error instanceof ConnectionError) return error
  const { hop } = attempt
  const code = errorCode(error)
  const level = errorLevel(error)
  const fail = (kind: ConnectionFailure, what: string, hint: string): ConnectionError => {
    const details: ErrorDetails = { host: hop.address, step: hop.step, hint, cause: error, why: '' }
    return new ConnectionError(kind, what, details)
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return fail(
      'name-not-resolved',
      'its name cannot be resolved',
      'check the address in cluster.yml and your name server',
    )
  }
  if (code === 'ECONNREFUSED') {
    return fail(
      'refused',
      `port ${hop.port} refused the connection`,
      `check that an SSH server listens on port ${hop.port} (key \`port\`), and the firewall`,
    )
  }
  if (
    code === 'ETIMEDOUT' ||
    code === 'EHOSTUNREACH' ||
    code === 'ENETUNREACH' ||
    level === 'client-timeout'
  ) {
    return fail(
      'timed-out',
      timeoutText(attempt, code),
      'check that the machine is up and that no firewall drops the connection',
    )
  }
  if (level === 'handshake' || (attempt.offers.last !== undefined && /no matching/i.test(error.message))) {
    return fail(
      'handshake',
      handshakeText(attempt, error),
      "allow one of our algorithms in the server's sshd_config, or update its SSH server",
    )
  }
  if (attempt.phase === 'login') {
    const { what, hint } = authenticationFailure(attempt, error)
    return fail('authentication', what, hint)
  }
  if (attempt.phase === 'handshake' || code === 'ECONNRESET') {
    return fail(
      'closed',
      `the connection ended before the SSH handshake was complete: ${error.message}`,
      `check that port ${hop.port} is an SSH server, and its MaxStartups if many connect at once`,
    )
  }
  return fail('other', `SSH failed: ${error.message}`, "check the SSH server's log")
}

function timeoutText(attempt: ConnectAttempt, code: string | undefined): string {
  const { hop } = attempt
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'there is no route to it'
  const seconds = `${hop.timeoutMs / 1000} s`
  if (attempt.phase === 'tcp') return `no answer from port ${hop.port} within ${seconds}`
  if (attempt.phase === 'handshake')
    return `port ${hop.port} accepts connections, but no SSH server answered within ${seconds}`
  return `the login as ${hop.user} was not complete within ${seconds}`
}

function handshakeText(attempt: ConnectAttempt, error: Error): string {
  const offer = attempt.offers.last
  if (offer === undefined) return `SSH handshake failed: ${error.message}`
  return `no ${offer.what} algorithm in common. We offer: ${spaced(offer.ours)}. The server offers: ${spaced(offer.theirs) || 'none'}`
}

function spaced(list: string): string {
  return list.split(',').filter(Boolean).join(', ')
}

export function errorCode(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
  if (typeof code === 'string') return code
  // Node tries all addresses of a name and reports all failures together.
  if (error instanceof AggregateError) return error.errors.map(errorCode).find((found) => found !== undefined)
  return undefined
}

function errorLevel(error: Error): string | undefined {
  const level: unknown = Reflect.get(error, 'level')
  return typeof level === 'string' ? level : undefined
}
