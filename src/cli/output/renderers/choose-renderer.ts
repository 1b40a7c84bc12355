import { systemClock } from '../../../time.ts'
import type { CommandContext } from '../../command-context.ts'
import type { Output } from '../../io.ts'
import type { Flags } from '../../parsing/flags.ts'
import type { Renderer } from './renderer.ts'

/** The value of `--output`. */
export type OutputMode = string

/** The renderer for commands that print no data: progress on a terminal, else log lines. */
export async function chooseRenderer(mode: OutputMode, context: CommandContext): Promise<Renderer> {
  const { io } = context
  if (mode === 'json') {
    return (await import('./json-renderer.ts')).jsonRenderer(io.stdout, systemClock)
  }
  return forPeople(mode, context, io.stdout)
}

/** The renderer for commands that print data on standard output: it uses standard error. */
export function chooseSideRenderer(context: CommandContext): Promise<Renderer> {
  return forPeople('auto', context, context.io.stderr)
}

/** The renderer for commands that change something, and with `--dry-run` print a plan instead. */
export function choosePlanRenderer(flags: Flags, context: CommandContext): Promise<Renderer> {
  return flags.on('dry-run') ? chooseSideRenderer(context) : chooseRenderer(flags.text('output'), context)
}

/** The renderer for short commands without progress: log lines. */
export function chooseLogRenderer(context: CommandContext, output: Output): Promise<Renderer> {
  return forPeople('text', context, output)
}

async function forPeople(mode: OutputMode, context: CommandContext, output: Output): Promise<Renderer> {
  if (context.quiet) return (await import('./quiet-renderer.ts')).quietRenderer(context.io.stderr)
  if (mode === 'auto' && output.isTTY && context.io.env.TERM !== 'dumb' && !context.debug) {
    return (await import('./progress-renderer.ts')).progressRenderer(output)
  }
  const [{ createLog }, { textRenderer }] = await Promise.all([
    import('../logger.ts'),
    import('./text-renderer.ts'),
  ])
  return textRenderer(createLog(context, output))
}
