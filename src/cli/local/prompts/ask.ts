import { createInterface } from 'node:readline'
import { CancelledError, ConfigError } from '../../../errors.ts'
import type { Input, Output } from '../../io.ts'

/**
 * Asks and waits for one line.
 * @param instead what answers the question on the command line.
 * @throws ConfigError if the input ends before there is one, CancelledError if `signal` is aborted.
 */
export async function askLine(
  question: string,
  input: Input,
  output: Output,
  { signal, instead }: { readonly signal: AbortSignal; readonly instead: string },
): Promise<string> {
  output.write(question)
  const lines = createInterface({ input, terminal: false })
  const close = (): void => lines.close()
  signal.addEventListener('abort', close)
  try {
    for await (const line of lines) return line.trim()
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
  output.write('\n')
  if (signal.aborted) throw new CancelledError('stopped at the question', { hint: 'nothing was done' })
  throw new ConfigError('the question was not answered: the input has ended', {
    hint: `nothing was done; use ${instead} where nobody can answer`,
  })
}

const ENTER = new Set(['\r', '\n'])
const ERASE = new Set(['\u007f', '\b'])
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const CTRL_U = '\u0015'

/**
 * Asks for a secret on a terminal, without echo.
 * @returns the answer, or `undefined` after Ctrl-D.
 * @throws CancelledError after Ctrl-C.
 */
export async function askSecret(question: string, input: Input, output: Output): Promise<string | undefined> {
  output.write(question)
  input.setRawMode?.(true)
  input.setEncoding('utf8')
  try {
    let typed = ''
    for await (const chunk of input.iterator({ destroyOnReturn: false })) {
      for (const char of String(chunk)) {
        if (ENTER.has(char)) return typed
        if (char === CTRL_D) return undefined
        if (char === CTRL_C) throw new CancelledError('stopped at a question')
        if (char === CTRL_U) typed = ''
        else typed = ERASE.has(char) ? typed.slice(0, -1) : typed + char
      }
    }
    return undefined
  } finally {
    input.setRawMode?.(false)
    input.pause()
    output.write('\n')
  }
}
