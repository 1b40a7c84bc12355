import type { Output } from '../io.ts'
import type { Session } from '../session.ts'
import { keyValueLine, type Level, terminalLine } from './log-line.ts'
import { printable } from './redact.ts'

export type Log = (level: Level, message: string) => void

/** From the least important on. */
const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'warning', 'error', 'fatal']

/** Log lines in the shape of the original program: one for terminals, one for files and pipes. */
export function createLog({ debug, began }: Session, output: Output): Log {
  const shown = LEVELS.slice(LEVELS.indexOf(debug ? 'debug' : 'info'))
  return (level, message) => {
    if (!shown.includes(level)) return
    const text = printable(message)
    const now = Date.now()
    const line = output.isTTY
      ? terminalLine(level, text, (now - began) / 1000)
      : keyValueLine(level, text, new Date(now))
    output.write(`${line}\n`)
  }
}
