import { Writable } from 'node:stream'
import { input, password } from '@inquirer/prompts'
import type { Question } from '../../../config/generate/questions.ts'
import { CancelledError } from '../../../errors.ts'
import type { Input, Output } from '../../io.ts'

/** Answers typed on a terminal; secret ones are not echoed. */
export function terminalAnswers(keyboard: Input, screen: Output, signal: AbortSignal) {
  return async ({ default: byDefault, secret, text }: Question): Promise<string> => {
    const context = { input: keyboard, output: asStream(screen), signal }
    try {
      if (secret) return await password({ message: text, mask: '*' }, context)
      return await input({ message: text, ...(byDefault !== '' && { default: byDefault }) }, context)
    } catch (thrown) {
      // The prompts throw these after Ctrl-C and when the signal is aborted.
      if (!(thrown instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(thrown.name))) throw thrown
      throw new CancelledError('stopped at a question', { hint: 'nothing was written' })
    }
  }
}

/** A terminal as a stream for the prompts. */
function asStream(screen: Output): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _, written) => {
      screen.write(String(chunk))
      written()
    },
  })
  return Object.assign(stream, { isTTY: true, columns: screen.columns || 80, rows: screen.rows || 24 })
}
