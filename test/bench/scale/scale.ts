import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterOf } from '../../sim/many-nodes.ts'
import { freshFolder } from '../bench-cluster.ts'
import { measure } from '../measure.ts'
import { startMachines } from './machines.ts'
import type { Report } from './machines-process.ts'

/** One run of the program over many nodes. */
export interface ScaleRun extends Report {
  /** Size of the cluster. */
  readonly nodes: number
  /** Nodes in the cluster file of this run. */
  readonly inFile: number
  readonly what: string
  readonly milliseconds: number
  readonly cpuMilliseconds: number
  readonly peakMiB: number
}

/** Brings up a cluster of so many simulated nodes, looks at it twice, adds a worker, and renews all certificates. */
export async function scale(
  rke: string,
  nodes: number,
  say: (line: string) => void,
): Promise<readonly ScaleRun[]> {
  await using machines = await startMachines(nodes + 1)
  const cwd = freshFolder(`scale-${nodes}`)
  const keyPath = join(cwd, 'id')
  writeFileSync(keyPath, machines.privateKey, { mode: 0o600 })
  const runs: ScaleRun[] = []
  const run = async (what: string, command: string, inFile = nodes): Promise<void> => {
    writeFileSync(join(cwd, 'cluster.yml'), clusterOf(inFile, { port: machines.port, keyPath }))
    const { milliseconds, peakMiB, cpuMilliseconds } = await measure([rke, ...command.split(' ')], { cwd })
    say(`${nodes} nodes: ${what} ${(milliseconds / 1000).toFixed(1)} s, ${peakMiB.toFixed(0)} MiB`)
    const report = await machines.report(inFile)
    runs.push({ nodes, inFile, what, milliseconds, cpuMilliseconds, peakMiB, ...report })
  }
  await run('up, empty machines', 'up')
  await run('plan', 'plan')
  await run('up again', 'up')
  await run('up with one more worker', 'up', nodes + 1)
  await run('cert rotate', 'cert rotate', nodes + 1)
  return runs
}
