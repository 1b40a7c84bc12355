import { dirname, join } from 'node:path'
import { writeClusterFile } from './bench-cluster.ts'
import { floor } from './floor.ts'
import { onFreshMachines } from './fresh-machines.ts'
import { type Measured, measure } from './measure.ts'
import type { Results } from './table.ts'

type Say = (line: string) => void

/** The program as users get it: compiled. */
export const rke = join(import.meta.dirname, '..', '..', 'dist', 'bin', 'rke.js')

/** Runs on a cluster that nothing is to be done on, per cluster. */
const QUIET_RUNS = 3
/** Runs that take a fraction of a second. */
const SHORT_RUNS = 15

/** Measures everything, the long things `rounds` times, in turn, so that what else the box does meets all alike. */
export async function bench(rounds: number, say: Say): Promise<Results> {
  const results = {
    floor: [],
    floorPresent: [],
    fresh: [],
    again: [],
    plan: [],
    certCheck: [],
    peakMiB: [],
  } as Long
  for (let round = 1; round <= rounds; round++) {
    const report = (what: string, ms: number): void =>
      say(`round ${round}: ${what} ${(ms / 1000).toFixed(2)} s`)
    const started = await onFreshMachines((machines) => floor(machines, 'in the registry'))
    report('floor', started.ready)
    results.floor.push(started.ready)
    const present = await onFreshMachines((machines) => floor(machines, 'present'))
    report('floor with images on the machines', present.ready)
    results.floorPresent.push(present.ready)
    await onFreshMachines(async (machines) => {
      const cwd = dirname(writeClusterFile(machines, 'up'))
      const keep = (to: number[], what: string, { milliseconds, peakMiB }: Measured): void => {
        report(what, milliseconds)
        to.push(milliseconds)
        if (to === results.fresh) results.peakMiB.push(peakMiB)
      }
      keep(results.fresh, 'rke up on empty machines', await measure([rke, 'up'], { cwd }))
      for (let run = 0; run < QUIET_RUNS; run++) {
        keep(results.again, 'rke up again', await measure([rke, 'up'], { cwd }))
        keep(results.plan, 'rke plan', await measure([rke, 'plan'], { cwd }))
        keep(results.certCheck, 'rke cert check', await measure([rke, 'cert', 'check'], { cwd }))
      }
    })
  }
  return { ...results, ...(await shortRuns()) }
}

interface Long {
  readonly floor: number[]
  readonly floorPresent: number[]
  readonly fresh: number[]
  readonly again: number[]
  readonly plan: number[]
  readonly certCheck: number[]
  readonly peakMiB: number[]
}

async function shortRuns(): Promise<{ version: number[]; node: number[] }> {
  const runs = { version: [] as number[], node: [] as number[] }
  for (let run = 0; run < SHORT_RUNS; run++) {
    runs.node.push((await measure(['-e', '0'], { memory: false })).milliseconds)
    runs.version.push((await measure([rke, '--version'], { memory: false })).milliseconds)
  }
  return runs
}
