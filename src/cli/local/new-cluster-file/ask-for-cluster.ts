import { createInterface } from 'node:readline'
import type { Catalog } from '../../../catalog/catalog.ts'
import type { ClusterInput } from '../../../config/cluster-config.ts'
import { type ImageChoice, promptText, type Question, questions } from '../../../config/generate/questions.ts'
import { CancelledError, ConfigError } from '../../../errors.ts'
import type { Io, Output } from '../../io.ts'

/** Gets one question answered. */
type Answer = (question: Question) => Promise<string>

const STOPPED = { hint: 'nothing was written' }

/**
 * Asks the questions of `rke config`: with prompts on a terminal, else on standard output with one answer per line on
 * standard input.
 * @throws ConfigError if the input ends early or an answer is invalid; CancelledError if the user stops.
 */
export async function askForCluster(
  catalog: Catalog,
  io: Io,
  signal: AbortSignal,
  choice: ImageChoice = {},
): Promise<ClusterInput> {
  const screen = io.stdout.isTTY ? io.stdout : io.stderr
  if (io.stdin.isTTY && screen.isTTY) {
    const { terminalAnswers } = await import('../prompts/terminal-answers.ts')
    return asked(catalog, screen, terminalAnswers(io.stdin, screen, signal), choice)
  }
  return askedByLines(catalog, io, signal, choice)
}

async function asked(
  catalog: Catalog,
  output: Output,
  answer: Answer,
  choice: ImageChoice,
): Promise<ClusterInput> {
  const asking = questions(catalog, choice)
  let next = asking.next()
  while (!next.done) {
    for (const notice of next.value.notices) output.write(`${notice}\n`)
    next = asking.next(await answer(next.value))
  }
  return next.value
}

async function askedByLines(
  catalog: Catalog,
  { stdin, stdout }: Io,
  signal: AbortSignal,
  choice: ImageChoice,
): Promise<ClusterInput> {
  const lines = createInterface({ input: stdin, terminal: false })
  const close = (): void => lines.close()
  signal.addEventListener('abort', close)
  const given = lines[Symbol.asyncIterator]()
  try {
    const answer = async (question: Question): Promise<string> => {
      stdout.write(promptText(question))
      const { done, value } = await given.next()
      if (!done) return value
      stdout.write('\n')
      if (signal.aborted) throw new CancelledError('stopped at a question', STOPPED)
      throw new ConfigError(`there is no answer to "${question.text}": the input has ended`, {
        hint: 'nothing was written; give a line for each question, an empty one for its default',
      })
    }
    return await asked(catalog, stdout, answer, choice)
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}
