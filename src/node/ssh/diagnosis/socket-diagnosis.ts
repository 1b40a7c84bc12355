import type { Client, SFTPWrapper } from 'ssh2'
import type { ConnectionError } from '../../../errors.ts'
import type { DialTarget } from '../../transport/link.ts'
import { openChannel } from '../connection/channel.ts'
import { CHANNEL_PROHIBITED, CHANNEL_UNKNOWN_TYPE, channelReason } from '../connection/dial-error.ts'
import { type SocketFacts, type SocketFailure, socketError, verdict } from './socket-verdict.ts'

/** Sockets of systemd machines that everybody may connect to. */
const OPEN_SOCKETS = ['/run/dbus/system_bus_socket', '/run/systemd/journal/stdout']

/**
 * Finds out why the Docker socket could not be opened. OpenSSH gives the same answer whether forwarding is forbidden,
 * the socket is missing, nothing listens, or the user has no permission; so the socket is inspected by SFTP (nothing
 * is copied, no command is run), and another socket is tried.
 */
export async function diagnoseSocket(client: Client, failure: SocketFailure): Promise<ConnectionError> {
  const reason = channelReason(failure.error)
  if (reason === CHANNEL_PROHIBITED) return socketError(failure, 'forbidden')
  if (reason === CHANNEL_UNKNOWN_TYPE) return socketError(failure, 'unsupported')
  return socketError(failure, verdict(await gatherFacts(client, failure)))
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

/** Nothing listens there, which distinguishes "forbidden" from "tried" without reaching a service. */
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
