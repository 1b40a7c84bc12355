import type { RkeError } from '../../errors.ts'
import type { CommandContext } from '../command-context.ts'
import { quietRenderer } from './renderers/quiet-renderer.ts'

/** Prints an error that occurred before there was a renderer: wrong flags, no cluster file. */
export function fatalReporter(context: CommandContext): (error: RkeError) => Promise<void> {
  return async (error) => {
    if (context.quiet) return quietRenderer(context.io.stderr).fatal(error)
    const [{ createLog }, { textRenderer }] = await Promise.all([
      import('./logger.ts'),
      import('./renderers/text-renderer.ts'),
    ])
    textRenderer(createLog(context, context.io.stdout)).fatal(error)
  }
}
