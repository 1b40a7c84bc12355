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

/** What a command uses of the world outside. Each is the real one where nothing is given. */
export interface World {
  /** How machines are reached; by SSH. */
  readonly transports?: TransportFactory
  /** Connections from this machine itself. */
  readonly dialer?: Pick<Link, 'dial'>
  readonly keys?: KeySource
  readonly clock?: () => Date
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

/**
 * All that the command line uses of its process. Only `bin/rke.ts` hands in the real one; whatever else needs
 * the terminal, the environment or signals gets them from here, so that each can be tried in a test.
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
  /** Sends a signal to a process; one that nobody listens to ends it. */
  kill(pid: number, signal: StopSignal): unknown
}
