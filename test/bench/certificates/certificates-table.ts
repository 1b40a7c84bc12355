import { median } from '../measure.ts'
import { aligned } from '../table.ts'
import type { CertificateSeries } from './certificates.ts'

/** Times of each command, what the program itself computed, the load of the machine, and whether the target is met. */
export function certificatesTable(series: readonly CertificateSeries[]): string {
  const head = ['', 'median', 'lowest', 'runs', 'of a core', 'load', 'target', '']
  return aligned([head, ...series.map(cells)])
}

function cells({ words, runs, target }: CertificateSeries): string[] {
  const times = runs.map(({ milliseconds }) => milliseconds)
  const loads = runs.map(({ load }) => load)
  return [
    `rke ${words.join(' ')}`,
    seconds(median(times)),
    seconds(Math.min(...times)),
    String(runs.length),
    seconds(median(runs.map(({ cpuMilliseconds }) => cpuMilliseconds))),
    `${Math.min(...loads).toFixed(0)} to ${Math.max(...loads).toFixed(0)}`,
    `≤ ${target} s`,
    median(times) / 1000 <= target ? 'met' : 'MISSED',
  ]
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`
