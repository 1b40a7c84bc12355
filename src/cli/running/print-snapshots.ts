import type { SnapshotList } from '../../operations/snapshots/snapshot-results.ts'
import { placesFailed } from '../../session/snapshots/observe-snapshots.ts'
import type { CommandContext } from '../command-context.ts'
import { snapshotJson, snapshotProblems, snapshotTable } from '../output/snapshot-table.ts'
import type { Flags } from '../parsing/flags.ts'
import type { Following } from './follow.ts'

/**
 * Prints snapshots to standard output, and what is wrong with them besides.
 * @throws RkeError if some places could not be asked.
 */
export function printSnapshots(
  { snapshots, failures }: SnapshotList,
  flags: Flags,
  { io }: CommandContext,
  { renderer }: Pick<Following, 'renderer'>,
): void {
  for (const problem of snapshotProblems(snapshots)) renderer.say('warning', problem)
  renderer.end()
  io.stdout.write(
    flags.text('output') === 'json' ? snapshotJson(snapshots, failures) : snapshotTable(snapshots),
  )
  if (failures.length > 0) throw placesFailed(failures)
}
