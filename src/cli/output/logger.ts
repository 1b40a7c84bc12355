import pino from 'pino'
import type { CommandContext } from '../command-context.ts'
import type { Output } from '../io.ts'
import { keyValueLine, type Level, terminalLine } from './log-line.ts'
import { printable } from './redact.ts'

export type Log = (level: Level, message: string) => void

const NAMES: Readonly<Record<number, Level>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warning',
  50: 'error',
  60: 'fatal',
}

/** Log lines in RKE's formats: one for terminals, one for files and pipes. */
export function createLog({ debug, began }: CommandContext, output: Output): Log {
  const logger = pino(
    { level: debug ? 'debug' : 'info', base: null },
    {
      write: (record) => {
        const { level, time, msg }: { level: number; time: number; msg: string } = JSON.parse(record)
        const name = NAMES[level] ?? 'info'
        const line = output.isTTY
          ? terminalLine(name, msg, (time - began) / 1000)
          : keyValueLine(name, msg, new Date(time))
        output.write(`${line}\n`)
      },
    },
  )
  return (level, message) => logger[level === 'warning' ? 'warn' : level](printable(message))
}
