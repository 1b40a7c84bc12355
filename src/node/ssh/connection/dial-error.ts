import { ConnectionError, type ConnectionFailure } from '../../../errors.ts'
import type { DialTarget } from '../../transport/link.ts'

/** Reasons for which a server does not open a channel (RFC 4254 §5.1). */
export const CHANNEL_PROHIBITED = 1
export const CHANNEL_UNKNOWN_TYPE = 3

export function targetText(to: DialTarget): string {
  return 'socket' in to ? to.socket : `${to.host}:${to.port}`
}

/** Number of the reason that ssh2 attaches to a refused channel. */
export function channelReason(error: unknown): number | undefined {
  const reason: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'reason') : undefined
  return typeof reason === 'number' ? reason : undefined
}

const PREFIX = /^\(SSH\) Channel open failure: /

/** Why an address could not be dialled from the node, from what OpenSSH or this machine's system says. */
export function dialError(error: unknown, host: string, to: DialTarget): ConnectionError {
  const target = targetText(to)
  const text = error instanceof Error ? error.message.replace(PREFIX, '') : String(error)
  const fail = (kind: ConnectionFailure, what: string, hint: string, why = ''): ConnectionError =>
    new ConnectionError(kind, what, { host, hint, why, cause: error })
  if (channelReason(error) === CHANNEL_PROHIBITED) {
    return fail(
      'forwarding-forbidden',
      `the SSH server forbids TCP forwarding to ${target}`,
      "set AllowTcpForwarding yes in the server's sshd_config, and no PermitOpen or restrict for this key",
    )
  }
  if (channelReason(error) === CHANNEL_UNKNOWN_TYPE) {
    return fail(
      'forwarding-forbidden',
      'the SSH server cannot forward connections',
      'use OpenSSH on the node',
    )
  }
  const why = REASONS.find((reason) => reason.text.test(text))
  return fail(
    why?.kind ?? 'other',
    `cannot connect to ${target}`,
    why?.hint ?? 'check that the address can be reached from the node',
    text,
  )
}

const REASONS: readonly { readonly text: RegExp; readonly kind: ConnectionFailure; readonly hint: string }[] =
  [
    { text: /refused/i, kind: 'refused', hint: 'nothing listens there yet, or a firewall refuses' },
    {
      text: /timed ?out|no route|unreach/i,
      kind: 'timed-out',
      hint: 'check routes and firewalls between the nodes',
    },
    {
      text: /name or service not known|temporary failure|unknown host|resolve|ENOTFOUND/i,
      kind: 'name-not-resolved',
      hint: 'check the name, and the name server of the node',
    },
  ]
