import type { Output } from '../../io.ts'
import { errorLines, failuresOf } from '../error-report.ts'
import { nothingToPause, type Renderer } from './renderer.ts'

/** Prints only a fatal error, on standard error. */
export function quietRenderer(stderr: Output): Renderer {
  return {
    event: () => {},
    say: () => {},
    result: () => {},
    fatal: (error) => {
      const failures = failuresOf(error)
      const shown = failures.length > 1 ? [...failures, error] : [error]
      stderr.write(`${shown.flatMap(errorLines).join('\n')}\n`)
    },
    pause: nothingToPause,
    end: () => {},
  }
}
