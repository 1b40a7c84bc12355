import { CancelledError, type RkeError } from '../../errors.ts'
import type { Io, StopSignal } from '../io.ts'
import { failuresOf } from '../output/error-report.ts'

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM']

/**
 * How long a command may take to end, in milliseconds: `stop` once no step of a run runs any more, `abort` after the
 * second signal, or before there is a run.
 */
export const PATIENCE_MS = { stop: 10_000, abort: 1_500 }

/** How the user stops a command: after the running steps with the first signal, immediately with the second. */
export interface Stopping {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal
  /** Aborted by the second one. */
  readonly abort: AbortSignal
  /** Acts as a signal; for Ctrl-C read as a character. */
  interrupt(): void
  /** Ends the process by the signal itself. */
  endAnyway(): void
  /** Restores the default: the next signal ends the process. */
  release(): void
}

/** Catches signals until released. `onSignal` gets the number of signals so far. */
export function catchSignals(
  io: Pick<Io, 'on' | 'off' | 'kill' | 'pid'>,
  onSignal: (count: number) => void,
): Stopping {
  const stop = new AbortController()
  const abort = new AbortController()
  let count = 0
  let last: StopSignal = 'SIGINT'
  const listeners = SIGNALS.map((signal) => [signal, () => take(signal)] as const)
  const release = (): void => {
    for (const [signal, listener] of listeners) io.off(signal, listener)
  }
  const take = (signal: StopSignal): void => {
    count += 1
    last = signal
    onSignal(count)
    if (count === 1) stop.abort()
    else {
      abort.abort()
      release()
    }
  }
  for (const [signal, listener] of listeners) io.on(signal, listener)
  return {
    stop: stop.signal,
    abort: abort.signal,
    interrupt: () => take('SIGINT'),
    release,
    endAnyway: () => {
      release()
      io.kill(io.pid, last)
    },
  }
}

/** The error of a run that the user stopped. */
export function asStopped(error: RkeError, { stop, abort }: Pick<Stopping, 'stop' | 'abort'>): RkeError {
  if (!stop.aborted || (error instanceof CancelledError && error.hint !== undefined)) return error
  const onlyStopped = failuresOf(error).every(
    (failure) => failure instanceof CancelledError || isAbort(failure) || isAbort(failure.cause),
  )
  if (!abort.aborted && !onlyStopped) return error
  return new CancelledError(abort.aborted ? 'terminated in the middle of running steps' : 'stopped', {
    hint: 'run the same command again to continue',
    ...(!onlyStopped && { cause: error }),
  })
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || /\baborted\b/.test(thrown.message))
}
