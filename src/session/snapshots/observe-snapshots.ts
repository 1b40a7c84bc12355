import { type RkeError, RunFailedError, toRkeError } from '../../errors.ts'
import type { ObservedSnapshot, SnapshotQuestion } from '../../observe/observe-snapshots.ts'
import type { SnapshotPlaces } from './snapshot-places.ts'

/** What was found, and what could not be asked. */
export interface FoundSnapshots {
  readonly snapshots: readonly ObservedSnapshot[]
  readonly failures: readonly RkeError[]
}

/**
 * Asks all places at once. Those that cannot answer are among the failures.
 * @throws RkeError if that is all of them.
 */
export async function observeSnapshots(
  { sources, failures: unreachable }: Pick<SnapshotPlaces, 'sources' | 'failures'>,
  question: SnapshotQuestion,
  signal: AbortSignal,
): Promise<FoundSnapshots> {
  const results = await Promise.allSettled(sources.map((source) => source.observe(question, signal)))
  signal.throwIfAborted()
  const failed = results.flatMap((result, index) =>
    result.status === 'rejected'
      ? [toRkeError(result.reason, { host: sources[index]?.where ?? '', step: 'read the snapshots' })]
      : [],
  )
  const failures = [...unreachable, ...failed]
  if (failed.length === sources.length) throw placesFailed(failures)
  return {
    snapshots: results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])),
    failures,
  }
}

/** Places that could not be asked, as one error. */
export function placesFailed(failures: readonly RkeError[]): RkeError {
  const [only] = failures
  if (only !== undefined && failures.length === 1) return only
  const where = failures.map(({ host }) => host).join(', ')
  return new RunFailedError(`${failures.length} places of snapshots could not be asked: ${where}`, failures, {
    hint: 'fix the causes, then run the same command again',
  })
}
