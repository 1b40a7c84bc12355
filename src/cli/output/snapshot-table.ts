import type { SnapshotInfo } from '../../operations/snapshots/snapshot-results.ts'
import { placeText } from '../../snapshots/snapshot.ts'
import { printable } from './redact.ts'
import { table } from './table.ts'
import { sizeText } from './units.ts'

const HEADINGS = ['NAME', 'TAKEN', 'BY', 'SIZE', 'REVISION', 'HASH', 'KUBERNETES', 'STATE', 'WHERE'] as const

/** Letters of a hash that are shown; the rest is for programs. */
const SHOWN_HASH = 12

/** Snapshots as a table. Copies that are the same in all that is shown stand on one line. What was not read is `-`. */
export function snapshotTable(snapshots: readonly SnapshotInfo[]): string {
  if (snapshots.length === 0) return 'There are no snapshots.\n'
  const lines = new Map<string, { readonly cells: readonly string[]; readonly where: string[] }>()
  for (const snapshot of snapshots) {
    const cells = cellsOf(snapshot)
    const key = JSON.stringify(cells)
    const line = lines.get(key) ?? { cells, where: [] }
    line.where.push(placeText(snapshot.place))
    lines.set(key, line)
  }
  return table([HEADINGS, ...[...lines.values()].map(({ cells, where }) => [...cells, where.join(', ')])])
}

function cellsOf(snapshot: SnapshotInfo): readonly string[] {
  const { name, taken, kind, bytes, revision, hash, kubernetesVersion, hasState, isRestorable } = snapshot
  return [
    printable(name),
    taken.toISOString().replace(/\.\d+Z$/, 'Z'),
    kind,
    sizeText(bytes),
    revision === undefined ? '-' : String(revision),
    isRestorable ? (hash?.slice(0, SHOWN_HASH) ?? '-') : 'unusable',
    kubernetesVersion ?? '-',
    hasState ? 'yes' : 'no',
  ]
}

/** What is wrong with snapshots, each on one line. */
export function snapshotProblems(snapshots: readonly SnapshotInfo[]): readonly string[] {
  return snapshots.flatMap(({ name, place, problem }) =>
    problem === undefined
      ? []
      : [`[etcd] ${printable(name)} on [${placeText(place)}]: ${printable(problem)}`],
  )
}

/** The same for programs. */
export function snapshotJson(
  snapshots: readonly SnapshotInfo[],
  failures: readonly { readonly host: string | undefined; readonly message: string }[],
): string {
  const failed = failures.map(({ host, message }) => ({ host, message }))
  return `${JSON.stringify({ snapshots, failures: failed }, null, 2)}\n`
}
