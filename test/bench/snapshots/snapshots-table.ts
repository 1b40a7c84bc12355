import { median } from '../measure.ts'
import { aligned } from '../table.ts'
import type { SnapshotResults } from './snapshots.ts'

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

/** Medians, RKE's figures where they are known, ratios, and whether the targets are met. */
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
    { what: 'etcdctl snapshot save and cp', milliseconds: median(small.plainSave) },
    { what: 'cp and etcdctl snapshot restore', milliseconds: median(small.plainRestore) },
  ]
  if (large !== undefined) {
    const [save, restore] = [median(large.plainSave), median(large.plainRestore)]
    rows.push(
      { what: `${mebibytes} MiB: etcdctl snapshot save and cp`, milliseconds: save },
      {
        what: `${mebibytes} MiB: rke etcd snapshot-save`,
        milliseconds: median(large.save),
        to: { name: 'etcdctl and cp', milliseconds: save },
        target: 1.3,
      },
      { what: `${mebibytes} MiB: cp and etcdctl snapshot restore`, milliseconds: restore },
      { what: `${mebibytes} MiB: rke etcd snapshot-restore`, milliseconds: median(large.restore) },
      {
        what: `${mebibytes} MiB: what the size adds to a restore`,
        milliseconds: median(large.restore) - median(small.restore),
        to: { name: 'cp and etcdctl', milliseconds: restore - median(small.plainRestore) },
        target: 1.3,
      },
      { what: `${mebibytes} MiB: rke etcd snapshot-ls`, milliseconds: median(large.list), target: 2 },
    )
  }
  return aligned([['', 'median', 'RKE', 'ratio', 'target', ''], ...rows.map(cells)])
}

function cells({ what, milliseconds, rke, to, target }: Row): string[] {
  const ratio = to === undefined ? undefined : milliseconds / to.milliseconds
  const reached = ratio ?? milliseconds / 1000
  const unit = ratio === undefined ? ' s' : ''
  return [
    what,
    `${(milliseconds / 1000).toFixed(2)} s`,
    rke === undefined ? '' : `${rke} s`,
    ratio === undefined ? '' : `${ratio.toFixed(2)} × ${to?.name}`,
    target === undefined ? '' : `≤ ${target}${unit}`,
    target === undefined ? '' : reached <= target ? 'met' : 'MISSED',
  ]
}
