import type { SnapshotList } from '../../operations/snapshots/snapshot-results.ts'
import type { CommandContext } from '../command-context.ts'
import { snapshotJson, snapshotTable } from '../output/snapshot-table.ts'
import type { Flags } from '../parsing/flags.ts'
import type { Following } from './follow.ts'

/** Prints snapshots to standard output. */
export function printSnapshots(
  { snapshots, failures }: SnapshotList,
  flags: Flags,
  { io }: CommandContext,
  { renderer }: Pick<Following, 'renderer'>,
): void {
  renderer.end()
  io.stdout.write(
    flags.text('output') === 'json' ? snapshotJson(snapshots, failures) : snapshotTable(snapshots),
  )
}
