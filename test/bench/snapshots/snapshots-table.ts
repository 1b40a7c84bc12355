import { median } from '../measure.ts'
import { aligned } from '../table.ts'
import type { SnapshotResults, SnapshotTimes } from './snapshots.ts'
import type { StepsOfRun } from './steps-of-run.ts'

interface Row {
  readonly what: string
  readonly milliseconds: number
  /** RKE 1.6.3 on such machines, in seconds. */
  readonly rke?: number
  /** What it is divided by, in milliseconds. */
  readonly to?: { readonly name: string; readonly milliseconds: number }
  /** The most that may come out: seconds, or the ratio where there is one. */
  readonly target?: number
}

/** Medians, RKE's figures where they are known, ratios, and whether the targets are met; then where the time goes. */
export function snapshotsTable({ small, large, mebibytes }: SnapshotResults): string {
  const rows: Row[] = [
    { what: 'rke etcd snapshot-save', milliseconds: median(small.save), rke: 13, target: 5 },
    { what: 'rke etcd snapshot-ls', milliseconds: median(small.list), target: 2 },
    {
      what: 'rke etcd snapshot-restore, until all nodes are Ready',
      milliseconds: median(small.ready),
      rke: 130,
      target: 65,
    },
    { what: 'rke etcd snapshot-restore, with all add-ons', milliseconds: median(small.restore) },
    ...yardsticks('', small),
    ...(large === undefined ? [] : largeRows(`${mebibytes} MiB: `, small, large)),
  ]
  const series = large === undefined ? [small] : [small, large]
  const peak = Math.max(...series.flatMap(({ peakMiB }) => peakMiB))
  return [
    aligned([['', 'median', 'RKE', 'ratio', 'target', ''], ...rows.map(cells)]),
    steps(
      'save',
      series.map(({ stepsOfSave }) => stepsOfSave),
    ),
    steps(
      'restore',
      series.map(({ stepsOfRestore }) => stepsOfRestore),
    ),
    `The program itself had ${peak.toFixed(0)} MiB at most.`,
  ].join('\n\n')
}

const yardsticks = (size: string, times: SnapshotTimes): readonly Row[] => [
  { what: `${size}etcdctl snapshot save and cp`, milliseconds: median(times.plainSave) },
  { what: `${size}the same, in RKE's form, and checked`, milliseconds: median(times.packedSave) },
  { what: `${size}cp and etcdctl snapshot restore`, milliseconds: median(times.plainRestore) },
  {
    what: `${size}the same, from RKE's form, checked on one node`,
    milliseconds: median(times.packedRestore),
  },
]

/** What a large database takes, beside the same work without this program. What small ones take as well is left out of restores. */
function largeRows(size: string, small: SnapshotTimes, large: SnapshotTimes): readonly Row[] {
  const more = (what: keyof SnapshotTimes): number => median(large[what]) - median(small[what])
  const [plain, packed] = ['etcdctl and cp', "etcdctl and RKE's form"]
  const save = { what: `${size}rke etcd snapshot-save`, milliseconds: median(large.save) }
  const restore = { what: `${size}what the size adds to a restore`, milliseconds: more('ready') }
  return [
    ...yardsticks(size, large),
    { ...save, to: { name: plain, milliseconds: median(large.plainSave) }, target: 1.3 },
    { ...save, to: { name: packed, milliseconds: median(large.packedSave) }, target: 1.3 },
    { what: `${size}restore until all nodes are Ready`, milliseconds: median(large.ready) },
    { ...restore, to: { name: plain, milliseconds: more('plainRestore') }, target: 1.3 },
    { ...restore, to: { name: packed, milliseconds: more('packedRestore') }, target: 1.3 },
    { what: `${size}rke etcd snapshot-ls`, milliseconds: median(large.list), target: 2 },
  ]
}

/** The longest step of each kind, with each size of the database; a kind that is short with all is left out. */
function steps(title: string, series: readonly (readonly StepsOfRun[])[]): string {
  const kinds = [...new Set(series.flatMap((runs) => runs.flatMap((run) => [...run.keys()])))]
  const rows = kinds.flatMap((kind) => {
    const times = series.map((runs) => median(runs.map((run) => run.get(kind) ?? 0)))
    return Math.max(...times) < SHORT_MS ? [] : [[kind, ...times.map(seconds)]]
  })
  return aligned([[`longest steps of a ${title}`, 'small', 'large'].slice(0, series.length + 1), ...rows])
}

const SHORT_MS = 1000

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`

function cells({ what, milliseconds, rke, to, target }: Row): string[] {
  const ratio = to === undefined ? undefined : milliseconds / to.milliseconds
  const reached = ratio ?? milliseconds / 1000
  const unit = ratio === undefined ? ' s' : ''
  return [
    what,
    seconds(milliseconds),
    rke === undefined ? '' : `${rke} s`,
    ratio === undefined ? '' : `${ratio.toFixed(2)} × ${to?.name}`,
    target === undefined ? '' : `≤ ${target}${unit}`,
    target === undefined ? '' : reached <= target ? 'met' : 'MISSED',
  ]
}
