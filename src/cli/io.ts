import type { Readable } from 'node:stream'

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
  on(signal: StopSignal, listener: () => void): unknown
  off(signal: StopSignal, listener: () => void): unknown
}
