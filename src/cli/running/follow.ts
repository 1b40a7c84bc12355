import type { Run } from '../../engine/run.ts'
import { type RkeError, toRkeError } from '../../errors.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodeOf } from '../exit-codes.ts'
import type { Renderer } from '../output/renderers/renderer.ts'
import { countText } from '../output/units.ts'
import { Deadline } from './deadline.ts'
import { asStopped, catchSignals, PATIENCE_MS, type Stopping } from './signals.ts'

/** What a running command has: the renderer, and the signals to stop. */
export interface Following extends Pick<Stopping, 'stop' | 'abort' | 'interrupt'> {
  readonly renderer: Renderer
  /** Renders a run until it ends and returns its result. */
  follow<T>(run: Run<T>): Promise<T>
}

/**
 * Runs the body of a command: renders its events, passes signals on to it, prints its error, and restores the
 * terminal. Resolves to the exit code; never rejects.
 */
export async function withRenderer(
  renderer: Renderer,
  { io }: CommandContext,
  body: (following: Following) => Promise<number>,
): Promise<number> {
  const running = new Set<string>()
  let hasBegun = false
  const deadline = new Deadline(() => {
    renderer.say('warning', 'the command did not stop in time and is terminated')
    renderer.end()
    signals.endAnyway()
  })
  const watch = (): void => {
    if (!signals.stop.aborted || signals.abort.aborted) return
    // Before a run there is nothing to finish: a file is read, or somebody is asked.
    if (!hasBegun) deadline.in(PATIENCE_MS.abort)
    else if (running.size === 0) deadline.in(PATIENCE_MS.stop)
    else deadline.none()
  }
  const signals = catchSignals(io, (count) => renderer.say('warning', stopText(count, running.size)))
  signals.stop.addEventListener('abort', watch)
  signals.abort.addEventListener('abort', () => deadline.in(PATIENCE_MS.abort))
  const follow = async <T>(run: Run<T>): Promise<T> => {
    hasBegun = true
    for await (const event of run) {
      if (event.type === 'started') running.add(event.step.id)
      if (event.type === 'done' || event.type === 'failed' || event.type === 'skipped') {
        running.delete(event.step.id)
      }
      watch()
      renderer.event(event)
    }
    return run.result
  }
  const { stop, abort, interrupt } = signals
  try {
    return await body({ renderer, stop, abort, interrupt, follow })
  } catch (thrown) {
    const error = asStopped(asError(thrown), signals)
    renderer.fatal(error)
    return exitCodeOf(error)
  } finally {
    deadline.none()
    signals.release()
    renderer.end()
  }
}

function stopText(count: number, running: number): string {
  if (count > 1) return 'terminating immediately'
  return running === 0
    ? 'stopping; press Ctrl-C again to terminate immediately'
    : `finishing ${countText(running, 'running step')}; press Ctrl-C again to terminate immediately`
}

/** A thrown value as an error; a defect of the program gets a hint to report it. */
export function asError(thrown: unknown): RkeError {
  const defect =
    thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof ReferenceError
  const hint = 'this looks like a defect of the program: please report it with the output of --debug'
  return toRkeError(thrown, defect ? { hint } : {})
}
