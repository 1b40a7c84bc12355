import type { RkeError } from '../../errors.ts'
import type { Session } from '../session.ts'
import { quietRenderer } from './quiet-renderer.ts'

/** Shows an error that came before there was a renderer: wrong flags, no cluster file. */
export function fatalReporter(session: Session): (error: RkeError) => Promise<void> {
  return async (error) => {
    if (session.quiet) return quietRenderer(session.io.stderr).fatal(error)
    const [{ createLog }, { textRenderer }] = await Promise.all([
      import('./logger.ts'),
      import('./text-renderer.ts'),
    ])
    textRenderer(createLog(session, session.io.stdout)).fatal(error)
  }
}
