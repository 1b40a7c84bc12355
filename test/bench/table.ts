import { median } from './measure.ts'

/** What was measured, several times. Times in milliseconds, memory in MiB. */
export interface Results {
  readonly floor: readonly number[]
  readonly floorPresent: readonly number[]
  readonly fresh: readonly number[]
  readonly again: readonly number[]
  readonly plan: readonly number[]
  readonly certCheck: readonly number[]
  readonly version: readonly number[]
  readonly node: readonly number[]
  readonly peakMiB: readonly number[]
}

interface Row {
  readonly what: string
  readonly values: readonly number[]
  readonly unit: 's' | 'ms' | 'MiB'
  /** What the median is divided by, and the most that may come out. */
  readonly to?: { readonly name: string; readonly values: readonly number[]; readonly target?: number }
  /** The most that the median may be. */
  readonly target?: number
}

/** One table of medians, their ratios, and whether the targets are met. */
export function resultsTable(results: Results): string {
  const floor = (target?: number): NonNullable<Row['to']> => ({
    name: 'floor',
    values: results.floor,
    ...(target !== undefined && { target }),
  })
  const rows: readonly Row[] = [
    { what: 'floor: images in the registry', values: results.floor, unit: 's' },
    { what: 'floor: images on the machines', values: results.floorPresent, unit: 's', to: floor() },
    { what: 'rke up, empty machines', values: results.fresh, unit: 's', to: floor(2.2) },
    { what: 'rke up, again', values: results.again, unit: 's', to: floor(0.15) },
    { what: 'rke plan, nothing to do', values: results.plan, unit: 's', to: floor() },
    { what: 'rke cert check', values: results.certCheck, unit: 's', target: 2000 },
    { what: 'an empty Node program', values: results.node, unit: 'ms' },
    {
      what: 'rke --version',
      values: results.version,
      unit: 'ms',
      to: { name: 'empty Node', values: results.node, target: 3 },
    },
    { what: 'rke up, empty machines: peak memory', values: results.peakMiB, unit: 'MiB', target: 300 },
  ]
  const head = ['', 'median', 'lowest', 'highest', 'runs', 'ratio', 'target', '']
  return aligned([head, ...rows.map(cells)])
}

function cells({ what, values, unit, to, target }: Row): string[] {
  const middle = median(values)
  const ratio = to === undefined ? undefined : middle / median(to.values)
  const show = (value: number): string => shown(value, unit)
  const goal = to?.target ?? target
  const reached = to?.target === undefined ? middle : (ratio ?? middle)
  return [
    what,
    show(middle),
    show(Math.min(...values)),
    show(Math.max(...values)),
    String(values.length),
    ratio === undefined ? '' : `${ratio.toFixed(2)} × ${to?.name}`,
    goal === undefined ? '' : `≤ ${to?.target === undefined ? show(goal) : goal}`,
    goal === undefined ? '' : reached <= goal ? 'met' : 'MISSED',
  ]
}

function shown(value: number, unit: Row['unit']): string {
  return unit === 's' ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(0)} ${unit}`
}

/** Columns as wide as their widest cell: the first to the left, numbers to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
