import type { Stats } from 'ssh2'
import { ConnectionError, type ConnectionFailure } from '../../../errors.ts'

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

export type Verdict =
  | 'forbidden'
  | 'unsupported'
  | 'missing'
  | 'stopped'
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
  stopped: {
    kind: 'docker-missing',
    what: ({ socket }) => `Docker does not answer on ${socket} any more: it was stopped or restarts`,
    hint: () => 'see that Docker runs on the node, then run the command again; it goes on where it stopped',
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

/** The failure as an error. */
export function socketError(failure: SocketFailure, found: Verdict): ConnectionError {
  const { kind, what, hint } = EXPLANATIONS[found]
  const details = {
    host: failure.host,
    step: 'open Docker socket',
    hint: hint(failure),
    cause: failure.error,
    why: '',
  }
  return new ConnectionError(kind, what(failure), details)
}
