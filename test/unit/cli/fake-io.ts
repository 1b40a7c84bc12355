import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import type { CommandContext } from '../../../src/cli/command-context.ts'
import type { Environment, Input, Io, Output, World } from '../../../src/cli/io.ts'

export interface FakeOutput extends Output {
  text(): string
}

/** An output that remembers; with a size it is a terminal. */
export function fakeOutput(terminal?: { columns: number; rows: number }): FakeOutput {
  let written = ''
  return {
    ...(terminal !== undefined && { ...terminal, isTTY: true }),
    write: (text) => {
      written += text
    },
    text: () => written,
  }
}

export interface FakeIo extends Io {
  readonly stdout: FakeOutput
  readonly stderr: FakeOutput
  readonly stdin: Input & PassThrough
  signal(name: 'SIGINT' | 'SIGTERM'): void
  listeners(): number
  /** Signals by which the program ended itself. */
  readonly ends: string[]
}

export interface FakeIoOptions {
  readonly env?: Environment
  readonly input?: string
  readonly world?: World
  readonly terminal?: { columns: number; rows: number }
}

/** Surroundings of the program in a test. Input ends after the given text. */
export function fakeIo({ env = {}, input, terminal, world }: FakeIoOptions = {}): FakeIo {
  const signals = new EventEmitter()
  const ends: string[] = []
  const stdin: Input & PassThrough = Object.assign(new PassThrough(), { isTTY: terminal !== undefined })
  if (input !== undefined) stdin.end(input)
  return {
    stdout: fakeOutput(terminal),
    stderr: fakeOutput(terminal),
    stdin,
    env,
    ...(world && { world }),
    on: (name, listener) => signals.on(name, listener),
    off: (name, listener) => signals.off(name, listener),
    pid: 4711,
    kill: (pid, name) => ends.push(`${pid} ${name}`),
    ends,
    signal: (name) => signals.emit(name),
    listeners: () => signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM'),
  }
}

export function fakeContext(io: Io, globals: Partial<CommandContext> = {}): CommandContext {
  return { io, debug: false, quiet: false, began: 0, ...globals }
}
