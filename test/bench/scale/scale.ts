import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterOf } from '../../sim/many-nodes.ts'
import { freshFolder } from '../bench-cluster.ts'
import { type Measured, measure } from '../measure.ts'
import { type Machines, startMachines } from './machines.ts'
import type { Report } from './machines-process.ts'

/** One run of the program over many nodes. */
export interface ScaleRun extends Report {
  readonly nodes: number
  readonly what: string
  readonly milliseconds: number
  readonly peakMiB: number
}

/** Brings up a cluster of this many simulated nodes, looks at it twice, and adds a worker. */
export async function scale(rke: string, nodes: number, say: (line: string) => void): Promise<ScaleRun[]> {
  await using machines = await startMachines(nodes + 1)
  const cwd = freshFolder(`scale-${nodes}`)
  const keyPath = join(cwd, 'id')
  writeFileSync(keyPath, machines.privateKey, { mode: 0o600 })
  const write = (count: number): void =>
    writeFileSync(join(cwd, 'cluster.yml'), clusterOf(count, { port: machines.port, keyPath }))
  const runs: ScaleRun[] = []
  const run = async (what: string, args: readonly string[]): Promise<void> => {
    const one = await seen(nodes, what, await measure([rke, ...args], { cwd }), machines)
    say(`${nodes} nodes: ${what} ${(one.milliseconds / 1000).toFixed(1)} s, ${Math.round(one.peakMiB)} MiB`)
    runs.push(one)
  }
  write(nodes)
  await run('rke up on empty machines', ['up'])
  await run('rke plan', ['plan'])
  await run('rke up again', ['up'])
  write(nodes + 1)
  await run('rke up with one more worker', ['up'])
  return runs
}

async function seen(
  nodes: number,
  what: string,
  { milliseconds, peakMiB }: Measured,
  machines: Machines,
): Promise<ScaleRun> {
  return { nodes, what, milliseconds, peakMiB, ...(await machines.report()) }
}
