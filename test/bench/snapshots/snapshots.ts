import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseState } from '../../../src/state/state-json.ts'
import type { Machine } from '../../testbed/index.ts'
import { allRolesFile, writeFile } from '../bench-cluster.ts'
import { onFreshMachines } from '../fresh-machines.ts'
import { type Measured, measure } from '../measure.ts'
import { fillEtcd } from './fill-etcd.ts'
import { plainRestore, plainSave } from './plain-etcdctl.ts'

/** Milliseconds, of each round. */
export interface SnapshotTimes {
  readonly save: number[]
  readonly list: number[]
  readonly restore: number[]
  /** Of a restore: until the last node is Ready. Add-ons are waited for after that. */
  readonly ready: number[]
  readonly plainSave: number[]
  readonly plainRestore: number[]
}

/** Times with the database of a new cluster, and with one that is that many MiB larger. */
export interface SnapshotResults {
  readonly small: SnapshotTimes
  readonly large?: SnapshotTimes
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
): Promise<SnapshotTimes> {
  const all: SnapshotTimes = { save: [], list: [], restore: [], ready: [], plainSave: [], plainRestore: [] }
  for (let round = 1; round <= rounds; round++) {
    const take = async (what: keyof SnapshotTimes, work: Promise<number>): Promise<void> => {
      const ms = await work
      all[what].push(ms)
      say(`${name}, round ${round}: ${what} ${(ms / 1000).toFixed(2)} s`)
    }
    const snapshot = `${name}-${round}`
    const command = async (...words: string[]): Promise<number> =>
      (await measure([rke, 'etcd', ...words], { cwd })).milliseconds
    const withEvents = async (verb: string, ...more: string[]): Promise<Measured> => {
      const run = await measure([rke, 'etcd', verb, '--name', snapshot, ...more, '--output', 'json'], { cwd })
      say(`${verb}: ${run.peakMiB.toFixed(0)} MiB, cpu ${run.cpuMilliseconds} ms`)
      writeFileSync(join(cwd, `${verb}-${snapshot}.jsonl`), run.stdout)
      return run
    }
    await take('plainSave', plainSave(machines))
    await take('plainRestore', plainRestore(machines))
    await take(
      'save',
      withEvents('snapshot-save').then((r) => r.milliseconds),
    )
    await take('list', command('snapshot-ls'))
    const begun = Date.now()
    const { milliseconds, stdout } = await withEvents('snapshot-restore', '--yes')
    await take('ready', Promise.resolve(lastReady(stdout) - begun))
    await take('restore', Promise.resolve(milliseconds))
    await command('snapshot-rm', snapshot, '--yes')
  }
  return all
}

/** When the last node was Ready, as the events of a run say: milliseconds since 1970. */
function lastReady(events: string): number {
  const times = events.split('\n').flatMap((line) => {
    if (line === '') return []
    const { type, step, time }: { type?: string; step?: string; time?: string } = JSON.parse(line)
    return type === 'done' && step?.endsWith('/ready') && time !== undefined ? [Date.parse(time)] : []
  })
  return Math.max(...times)
}
