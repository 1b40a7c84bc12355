import { loadavg } from 'node:os'
import { dirname } from 'node:path'
import { allRolesFile, writeFile } from '../bench-cluster.ts'
import { onFreshMachines } from '../fresh-machines.ts'
import { type Measured, measure } from '../measure.ts'

/** One command about certificates that is measured. */
export interface CertificateCommand {
  readonly words: readonly string[]
  /** The most seconds that it may take on three nodes with all roles. */
  readonly target: number
  /** How often it is measured in each round. */
  readonly times: number
}

/** A command, and each of its runs. */
export interface CertificateSeries extends CertificateCommand {
  readonly runs: readonly (Measured & { readonly load: number })[]
}

const COMMANDS: readonly CertificateCommand[] = [
  { words: ['cert', 'check'], target: 2, times: 5 },
  { words: ['cert', 'rotate'], target: 60, times: 1 },
  { words: ['cert', 'rotate', '--rotate-ca', '--yes'], target: 240, times: 1 },
]

/** Measures `rke cert` on three nodes with all roles, with all health checks. */
export function certificates(
  rke: string,
  rounds: number,
  say: (line: string) => void,
): Promise<readonly CertificateSeries[]> {
  return onFreshMachines(async (machines) => {
    const cwd = dirname(writeFile(allRolesFile(machines), 'certificates'))
    say('rke up')
    await measure([rke, 'up'], { cwd })
    const series = COMMANDS.map((command) => ({
      ...command,
      runs: [] as CertificateSeries['runs'][number][],
    }))
    for (let round = 1; round <= rounds; round++) {
      for (const { words, times, runs } of series) {
        for (let time = 0; time < times; time++) {
          const measured = await measure([rke, ...words], { cwd })
          const load = loadavg()[0] ?? Number.NaN
          runs.push({ ...measured, load })
          const seconds = (measured.milliseconds / 1000).toFixed(2)
          say(`round ${round}: rke ${words.join(' ')} ${seconds} s (load ${load.toFixed(1)})`)
        }
      }
    }
    return series
  })
}
