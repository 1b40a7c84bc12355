import type { Client, SFTPWrapper, Stats } from 'ssh2'
import { ConnectionError, type ConnectionFailure } from '../../errors.ts'
import type { DialTarget } from '../link.ts'
import { openChannel } from './channel.ts'
import { CHANNEL_PROHIBITED, CHANNEL_UNKNOWN_TYPE, channelReason } from './dial-error.ts'

export interface SocketFailure {
  readonly host: string
  readonly user: string
  readonly socket: string
  /** What ssh2 said when the channel was refused. */
  readonly error: unknown
}

/** What can be found out about a socket without a command on the node. */
export interface SocketFacts {
  /** `undefined`: the server has no SFTP, so it is not known. */
  readonly socket: Pick<Stats, 'mode' | 'uid' | 'gid'> | 'missing' | 'denied' | undefined
  /** Number of the user on the node; `undefined` if it is not known. */
  readonly userId: number | undefined
  /** TCP forwarding is forbidden, as when a key is restricted. */
  readonly tcpForbidden: boolean
  /** Whether a socket that everybody may use could be opened. */
  readonly otherSocketOpens: boolean
}

/** Sockets of systemd machines that everybody may connect to. */
const OPEN_SOCKETS = ['/run/dbus/system_bus_socket', '/run/systemd/journal/stdout']

/**
 * Finds out why the Docker socket could not be opened. OpenSSH gives the same answer whether forwarding is
 * forbidden, the socket is missing, nobody listens, or the user has no permission; so the socket is looked at
 * by SFTP (nothing is copied, no command is run), and another socket is tried.
 */
export async function diagnoseSocket(client: Client, failure: SocketFailure): Promise<ConnectionError> {
  const reason = channelReason(failure.error)
  if (reason === CHANNEL_PROHIBITED) return socketError(failure, 'forbidden')
  if (reason === CHANNEL_UNKNOWN_TYPE) return socketError(failure, 'unsupported')
  return socketError(failure, verdict(await gatherFacts(client, failure)))
}

export type Verdict =
  | 'forbidden'
  | 'unsupported'
  | 'missing'
  | 'not-listening'
  | 'permission'
  | 'permission-or-forbidden'
  | 'not-listening-or-forbidden'
  | 'unknown'

/** The most that can be concluded from what was seen. */
export function verdict(facts: SocketFacts): Verdict {
  if (facts.socket === 'missing') return 'missing'
  if (facts.tcpForbidden && !facts.otherSocketOpens) return 'forbidden'
  if (facts.socket === undefined) return 'unknown'
  if (facts.socket === 'denied') return 'permission'
  const { mode, uid } = facts.socket
  const mayUse = facts.userId === 0 || (facts.userId === uid && (mode & 0o200) !== 0) || (mode & 0o002) !== 0
  if (mayUse) return facts.otherSocketOpens ? 'not-listening' : 'not-listening-or-forbidden'
  return facts.otherSocketOpens ? 'permission' : 'permission-or-forbidden'
}

async function gatherFacts(client: Client, { socket, user }: SocketFailure): Promise<SocketFacts> {
  const [seen, tcpReason, ...others] = await Promise.all([
    lookBySftp(client, socket, user),
    dialReason(client, DISCARD),
    ...OPEN_SOCKETS.map((path) => dialReason(client, { socket: path })),
  ])
  return {
    ...seen,
    tcpForbidden: tcpReason === CHANNEL_PROHIBITED,
    otherSocketOpens: others.includes('open'),
  }
}

/** Nothing listens there, so it tells "forbidden" from "tried" without reaching anyone. */
const DISCARD = { host: '127.0.0.1', port: 9 }

function dialReason(client: Client, to: DialTarget): Promise<number | 'open' | undefined> {
  return new Promise((resolve) => {
    openChannel(client, to, (error, channel) => {
      if (error !== undefined) return resolve(channelReason(error))
      channel.destroy()
      resolve('open')
    })
  })
}

async function lookBySftp(
  client: Client,
  path: string,
  user: string,
): Promise<Pick<SocketFacts, 'socket' | 'userId'>> {
  const sftp = await new Promise<SFTPWrapper | undefined>((resolve) => {
    client.sftp((error, wrapper) => resolve(error === undefined ? wrapper : undefined))
  })
  if (sftp === undefined) return { socket: undefined, userId: user === 'root' ? 0 : undefined }
  const [socket, home] = await Promise.all([stat(sftp, path), homeOwner(sftp)])
  sftp.end()
  return { socket, userId: user === 'root' ? 0 : home }
}

/** Owner of the home directory, which is the user; a user without one starts in `/`, which says nothing. */
async function homeOwner(sftp: SFTPWrapper): Promise<number | undefined> {
  const path = await new Promise<string>((resolve) => {
    sftp.realpath('.', (error, real) => resolve(error === undefined ? real : '/'))
  })
  const home = path === '/' ? undefined : await stat(sftp, path)
  return typeof home === 'object' ? home.uid : undefined
}

const SFTP_NO_SUCH_FILE = 2
const SFTP_PERMISSION_DENIED = 3

function stat(sftp: SFTPWrapper, path: string): Promise<SocketFacts['socket']> {
  return new Promise((resolve) => {
    sftp.stat(path, (error, stats) => {
      if (error === undefined) return resolve(stats)
      const code: unknown = Reflect.get(error, 'code')
      if (code === SFTP_NO_SUCH_FILE) return resolve('missing')
      resolve(code === SFTP_PERMISSION_DENIED ? 'denied' : undefined)
    })
  })
}

interface Explanation {
  readonly kind: ConnectionFailure
  readonly what: (failure: SocketFailure) => string
  readonly hint: (failure: SocketFailure) => string
}

const ALLOW =
  "set AllowStreamLocalForwarding yes in the server's sshd_config (and no DisableForwarding or restrict)"
const addToGroup = ({ user }: SocketFailure): string =>
  `add ${user} to the group docker (usermod -aG docker ${user}) and connect again`
const startDocker = ({ socket }: SocketFailure): string =>
  `start Docker on the node, or set docker_socket if it does not listen on ${socket}`

const EXPLANATIONS: Readonly<Record<Verdict, Explanation>> = {
  forbidden: {
    kind: 'forwarding-forbidden',
    what: ({ socket }) => `the SSH server forbids forwarding to the Unix socket ${socket}`,
    hint: () => ALLOW,
  },
  unsupported: {
    kind: 'forwarding-forbidden',
    what: () => 'the SSH server cannot forward Unix sockets',
    hint: () => 'use OpenSSH 6.7 or newer on the node',
  },
  missing: {
    kind: 'docker-missing',
    what: ({ socket }) => `there is no Docker socket ${socket}`,
    hint: ({ socket }) => `install and start Docker, or set docker_socket if it is not ${socket}`,
  },
  'not-listening': {
    kind: 'docker-missing',
    what: ({ socket }) => `Docker does not answer on ${socket}`,
    hint: startDocker,
  },
  'not-listening-or-forbidden': {
    kind: 'forwarding-forbidden',
    what: ({ socket, user }) =>
      `${socket} is there and ${user} may use it, so either the SSH server forbids forwarding to Unix sockets, or Docker does not run`,
    hint: (failure) => `${ALLOW}; else ${startDocker(failure)}`,
  },
  permission: {
    kind: 'docker-permission',
    what: ({ socket, user }) => `${user} may not use the Docker socket ${socket}`,
    hint: addToGroup,
  },
  'permission-or-forbidden': {
    kind: 'docker-permission',
    what: ({ socket, user }) =>
      `${user} may not use the Docker socket ${socket}, unless a group allows it; then the SSH server forbids forwarding to Unix sockets`,
    hint: (failure) => `${addToGroup(failure)}; else ${ALLOW}`,
  },
  unknown: {
    kind: 'docker-missing',
    what: ({ socket, user }) =>
      `the Docker socket ${socket} cannot be opened: Docker does not run, ${user} may not use it, or the SSH server forbids forwarding to Unix sockets`,
    hint: (failure) => `${startDocker(failure)}; ${addToGroup(failure)}; ${ALLOW}`,
  },
}

function socketError(failure: SocketFailure, found: Verdict): ConnectionError {
  const { kind, what, hint } = EXPLANATIONS[found]
  const details = {
    host: failure.host,
    step: 'open Docker socket',
    hint: hint(failure),
    cause: failure.error,
  }
  return new ConnectionError(kind, what(failure), details)
}
