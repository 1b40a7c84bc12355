import type { Output } from '../io.ts'
import type { Session } from '../session.ts'
import type { Renderer } from './renderer.ts'

/** `json`, `text`, or `auto` for whatever suits the output. */
export type OutputMode = string

/** The renderer for a command whose own output is the run: progress on a terminal, else log lines. */
export async function chooseRenderer(mode: OutputMode, session: Session): Promise<Renderer> {
  const { io } = session
  if (mode === 'json') {
    return (await import('./json-renderer.ts')).jsonRenderer(io.stdout, () => new Date())
  }
  return forPeople(mode, session, io.stdout)
}

/** The renderer for a command that prints data: all but the data goes to standard error. */
export function chooseSideRenderer(session: Session): Promise<Renderer> {
  return forPeople('auto', session, session.io.stderr)
}

/** The renderer for a command that is over at once, so that there is no progress to show: log lines. */
export function chooseLogRenderer(session: Session, output: Output): Promise<Renderer> {
  return forPeople('text', session, output)
}

async function forPeople(mode: OutputMode, session: Session, output: Output): Promise<Renderer> {
  if (session.quiet) return (await import('./quiet-renderer.ts')).quietRenderer(session.io.stderr)
  if (mode === 'auto' && output.isTTY && session.io.env.TERM !== 'dumb' && !session.debug) {
    return (await import('./progress-renderer.ts')).progressRenderer(output)
  }
  const [{ createLog }, { textRenderer }] = await Promise.all([
    import('./logger.ts'),
    import('./text-renderer.ts'),
  ])
  return textRenderer(createLog(session, output))
}
