import type { RunOptions } from './deps.ts'

/** Aborted when a run is asked to end, in whichever way: what only observes or prepares need not be finished. */
export function endOf({ signal, abort }: Pick<RunOptions, 'signal' | 'abort'>): AbortSignal {
  return AbortSignal.any([signal, abort].filter((one) => one !== undefined))
}
