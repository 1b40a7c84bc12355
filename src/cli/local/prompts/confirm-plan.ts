import { UsageError } from '../../../errors.ts'
import type { Planned } from '../../../operations/results.ts'
import type { PlanFirst } from '../../../session/run/planned-run.ts'
import type { Io } from '../../io.ts'
import { planText } from '../../output/plan-text.ts'
import type { Flags } from '../../parsing/flags.ts'
import type { Following } from '../../running/follow.ts'
import { askLine } from './ask.ts'

interface Confirmation<P extends Planned> {
  /** The command, as it is typed: `rke etcd recover`. */
  readonly command: string
  /** What is asked, without a question mark. */
  readonly question: string | ((planned: P) => string)
  /** How the plan is shown. Default: as any other. */
  readonly text?: (planned: P, command: string) => string
  /** Most plans of the command are done without a question: that nobody can be asked is an error only where there is one. Default: false. */
  readonly seldom?: boolean
}

/**
 * What an operation with a dangerous plan is handed: with `--dry-run` the plan is only printed (`printDryRun`), else it is confirmed, by
 * `--yes`, or by whoever reads it on a terminal.
 * @throws UsageError if nobody can be asked; to be called before anything else is done.
 */
export function planFirst<P extends Planned>(
  flags: Flags,
  io: Io,
  { renderer, stop }: Following,
  { command, question, text = usualText, seldom = false }: Confirmation<P>,
): PlanFirst<P> {
  if (flags.on('dry-run')) return { dryRun: true }
  if (flags.on('yes')) return {}
  if (io.stdin.isTTY !== true) {
    if (seldom) {
      return {
        confirm: async () => {
          throw nobodyToAsk()
        },
      }
    }
    throw nobodyToAsk()
  }
  // Asks on standard error if standard output is JSON.
  const output = flags.text('output') === 'json' ? io.stderr : io.stdout
  const confirm = async (planned: P): Promise<boolean> => {
    const resume = renderer.pause()
    try {
      output.write(text(planned, command))
      const asked = typeof question === 'string' ? question : question(planned)
      const answer = await askLine(`${asked} [y/n]: `, io.stdin, output, { signal: stop, instead: '--yes' })
      return /^y(es)?$/i.test(answer)
    } finally {
      resume()
    }
  }
  return { confirm }
}

const usualText = ({ steps }: Planned, command: string): string => planText(steps, command)

function nobodyToAsk(): UsageError {
  return new UsageError('nobody can be asked whether to go on: standard input is no terminal', {
    step: 'read the command line',
    untouched: true,
    hint: 'see the plan with --dry-run, then run the command with --yes',
  })
}
