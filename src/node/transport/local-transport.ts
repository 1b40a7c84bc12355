import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { ConnectionError, type ConnectionFailure } from '../../errors.ts'
import { dialError } from '../ssh/connection/dial-error.ts'
import type { DialTarget, LinkClosed, TransportFactory } from './link.ts'

/** Where a Docker daemon listens, as this machine reaches it. */
export type DockerEndpoint =
  | { readonly socket: string }
  | { readonly host: string; readonly port: number; readonly tls?: TlsFiles }

/** PEM texts. Without `ca` those of the system count. */
export interface TlsFiles {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/**
 * This machine in place of a node: whatever socket is dialled on it, its Docker answers; addresses are dialled as
 * they are.
 */
export function localTransports(docker: DockerEndpoint): TransportFactory {
  return {
    open: async ({ address }) => {
      const streams = new Set<Duplex>()
      let ended: (closed: LinkClosed) => void = () => {}
      const closed = new Promise<LinkClosed>((resolve) => {
        ended = resolve
      })
      return {
        dial: async (to, signal) => {
          const fail =
            'socket' in to
              ? (error: Error) => dockerFailure(error, docker, address)
              : (error: Error) => dialError(error, address, to)
          const stream = await dial('socket' in to ? docker : to, fail, signal)
          streams.add(stream)
          stream.once('close', () => streams.delete(stream))
          return stream
        },
        closed,
        close: async () => {
          for (const stream of streams) stream.destroy()
          ended({})
        },
      }
    },
  }
}

function dial(
  to: DockerEndpoint | DialTarget,
  fail: (error: Error) => ConnectionError,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const tls = 'tls' in to ? to.tls : undefined
    const path = 'socket' in to ? { path: to.socket } : { host: to.host, port: to.port }
    const stream = tls === undefined ? connectTcp(path) : connectTls({ ...path, ...tls })
    const cancel = (): void => {
      stream.destroy()
    }
    signal?.addEventListener('abort', cancel)
    const settle = (): void => signal?.removeEventListener('abort', cancel)
    stream.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      settle()
      stream.removeAllListeners('error')
      resolve(stream)
    })
    stream.once('error', (error) => {
      settle()
      reject(fail(error))
    })
    stream.once('close', () => {
      settle()
      reject(fail(new ConnectionError('closed', 'it was cancelled')))
    })
  })
}

const REASONS: Readonly<Record<string, readonly [ConnectionFailure, string]>> = {
  ENOENT: [
    'docker-missing',
    'start Docker on this machine, say in DOCKER_HOST where it listens, or name a node with --node',
  ],
  ECONNREFUSED: ['docker-missing', 'start Docker there, or correct DOCKER_HOST'],
  EACCES: ['docker-permission', 'run this as a user who may use Docker: one in the group "docker"'],
}

function dockerFailure(error: Error, to: DockerEndpoint, host: string): ConnectionError {
  const target = 'socket' in to ? to.socket : `${to.host}:${to.port}`
  const code: unknown = Reflect.get(error, 'code')
  const [kind, hint] = (typeof code === 'string' ? REASONS[code] : undefined) ?? [
    'other' as const,
    'check DOCKER_HOST and the connection to it',
  ]
  return new ConnectionError(kind, `cannot connect to Docker at ${target}`, {
    host,
    hint,
    why: error.message,
    cause: error,
  })
}
