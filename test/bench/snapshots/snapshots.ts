import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { parseState } from '../../../src/state/state-json.ts'
import type { Machine } from '../../testbed/index.ts'
import { allRolesFile, writeFile } from '../bench-cluster.ts'
import { onFreshMachines } from '../fresh-machines.ts'
import { type Measured, measure } from '../measure.ts'
import { fillEtcd } from './fill-etcd.ts'
import { packedRestore, packedSave } from './packed-etcdctl.ts'
import { plainRestore, plainSave } from './plain-etcdctl.ts'
import { lastReady, type StepsOfRun, stepsOfRun } from './steps-of-run.ts'

/** Milliseconds, of each round. */
export interface SnapshotTimes {
  readonly save: number[]
  readonly list: number[]
  readonly restore: number[]
  /** Of a restore: until the last node is Ready. Add-ons are waited for after that. */
  readonly ready: number[]
  readonly plainSave: number[]
  readonly plainRestore: number[]
  readonly packedSave: number[]
  readonly packedRestore: number[]
}

/** What was measured with one size of the database. */
export interface SnapshotSeries extends SnapshotTimes {
  readonly stepsOfSave: StepsOfRun[]
  readonly stepsOfRestore: StepsOfRun[]
  /** The most main memory that the program had at any time. */
  readonly peakMiB: number[]
}

/** Times with the database of a new cluster, and with one that is that many MiB larger. */
export interface SnapshotResults {
  readonly small: SnapshotSeries
  readonly large?: SnapshotSeries
  readonly mebibytes: number
}

type Say = (line: string) => void

/** Saves, lists and restores on three nodes with all roles; then again with a database of that size, if it is not 0. */
export function snapshots(
  rke: string,
  { rounds, mebibytes }: { readonly rounds: number; readonly mebibytes: number },
  say: Say,
): Promise<SnapshotResults> {
  return onFreshMachines(async (machines) => {
    const cwd = dirname(writeFile(allRolesFile(machines), 'snapshots'))
    say('rke up')
    await measure([rke, 'up'], { cwd })
    const small = await times(rke, machines, { cwd, rounds, name: 'small' }, say)
    if (mebibytes === 0) return { small, mebibytes }
    say(`writing ${mebibytes} MiB to etcd`)
    const state = parseState(readFileSync(join(cwd, 'cluster.rkestate'), 'utf8'), 'cluster.rkestate')
    const bundle = state.desiredState.certificatesBundle ?? {}
    await fillEtcd(machines[0]?.address ?? '', mebibytes, bundle)
    return { small, large: await times(rke, machines, { cwd, rounds, name: 'large' }, say), mebibytes }
  })
}

interface Series {
  readonly cwd: string
  readonly rounds: number
  /** What the names of snapshots begin with. */
  readonly name: string
}

async function times(
  rke: string,
  machines: readonly Machine[],
  { cwd, rounds, name }: Series,
  say: Say,
): Promise<SnapshotSeries> {
  const all: SnapshotTimes = {
    save: [],
    list: [],
    restore: [],
    ready: [],
    plainSave: [],
    plainRestore: [],
    packedSave: [],
    packedRestore: [],
  }
  const seen: Omit<SnapshotSeries, keyof SnapshotTimes> = { stepsOfSave: [], stepsOfRestore: [], peakMiB: [] }
  for (let round = 1; round <= rounds; round++) {
    const take = (what: keyof SnapshotTimes, ms: number): void => {
      all[what].push(ms)
      say(`${name}, round ${round}: ${what} ${(ms / 1000).toFixed(2)} s (load ${loadavg()[0]?.toFixed(1)})`)
    }
    const snapshot = `${name}-${round}`
    const run = (...words: string[]): Promise<Measured> => measure([rke, 'etcd', ...words], { cwd })
    take('plainSave', await plainSave(machines))
    take('plainRestore', await plainRestore(machines))
    take('packedSave', await packedSave(machines))
    take('packedRestore', await packedRestore(machines))
    const beganSave = Date.now()
    const saved = await run('snapshot-save', '--name', snapshot, '--output', 'json')
    take('save', saved.milliseconds)
    seen.stepsOfSave.push(stepsOfRun(saved.stdout, beganSave))
    take('list', (await run('snapshot-ls')).milliseconds)
    const began = Date.now()
    const restored = await run('snapshot-restore', '--name', snapshot, '--yes', '--output', 'json')
    take('ready', lastReady(restored.stdout) - began)
    take('restore', restored.milliseconds)
    seen.stepsOfRestore.push(stepsOfRun(restored.stdout, began))
    seen.peakMiB.push(saved.peakMiB, restored.peakMiB)
    await run('snapshot-rm', snapshot, '--yes')
  }
  return { ...all, ...seen }
}
