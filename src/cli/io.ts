import type { Readable } from 'node:stream'
import type { Link, TransportFactory } from '../node/transport/link.ts'
import type { KeySource } from '../pki/encoding/keys.ts'

/** Where text goes. A terminal has a size. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** Where answers come from. */
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown }

export type Environment = Readonly<Record<string, string | undefined>>

/** External services that a command uses. Absent ones are the real ones. */
export interface World {
  /** How nodes are reached; default SSH. */
  readonly transports?: TransportFactory
  /** Connections from this machine itself. */
  readonly dialer?: Pick<Link, 'dial'>
  readonly keys?: KeySource
  readonly clock?: () => Date
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

/**
 * Everything that the command line uses of its process: terminal, environment, signals. Only `bin/rke.ts` passes
 * the real one, so that tests can replace it.
 */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: Input
  readonly env: Environment
  /** For tests, whose machines are in memory. */
  readonly world?: World
  on(signal: StopSignal, listener: () => void): unknown
  off(signal: StopSignal, listener: () => void): unknown
  readonly pid: number
  /** Sends a signal to a process. */
  kill(pid: number, signal: StopSignal): unknown
}
