import { ETCD_DATA } from '../../../src/node/snapshots/etcd-data-scripts.ts'
import { EtcdCluster } from '../etcd-cluster.ts'
import type { Outcome, Program, SimProcess } from '../sim-process.ts'
import { memberDatabase } from '../snapshot-store.ts'
import { read } from './helper-files.ts'
import { flagsOf } from './helper-flags.ts'

/** A folder in etcd's data directory, as the scripts of `src/node/snapshots` use it. */
export class DataFolder {
  readonly #process: SimProcess

  constructor(process: SimProcess) {
    this.#process = process
  }

  has(name: string): boolean {
    return this.#disk.exists(this.#at(name))
  }

  read(name: string): string | undefined {
    return this.#disk.read(this.#at(name))
  }

  write(name: string, text: string): void {
    this.#disk.write(this.#at(name), text, 0o600)
  }

  remove(...names: readonly string[]): void {
    for (const name of names) this.#disk.remove(this.#at(name))
  }

  make(name: string): void {
    const at = this.#at(name)
    if (!this.#disk.exists(at)) this.#disk.put(at, { type: 'directory', mode: 0o700, uid: 0, gid: 0 })
  }

  move(from: string, to: string): void {
    if (this.has(from)) this.#disk.rename(this.#at(from), this.#at(to))
  }

  copy(from: string, to: string): void {
    for (const path of [this.#at(from), ...this.#disk.below(this.#at(from))]) {
      const inode = this.#disk.at(path)
      if (inode !== undefined) this.#disk.put(this.#at(to) + path.slice(this.#at(from).length), { ...inode })
    }
  }

  /** Names of what begins with this. */
  names(prefix: string): readonly string[] {
    const folder = this.#at('')
    const found = this.#disk.below(folder).map((path) => path.slice(folder.length).split('/')[0] ?? '')
    return [...new Set(found)].filter((name) => name.startsWith(prefix))
  }

  get #disk() {
    return this.#process.machine.disk
  }

  #at(name: string): string {
    return `${this.#process.place(ETCD_DATA).at}/${name}`
  }
}

/** A script that does what it does at once, with its first argument. */
export const script =
  (act: (data: DataFolder, argument: string) => void): Program =>
  (process) => {
    const data = new DataFolder(process)
    act(data, process.argv[4] ?? '')
    return { exitCode: 0 }
  }

function finishPuttingBack(data: DataFolder): void {
  if (!data.has('putting-back')) return
  data.move('putting-back/member', 'member')
  data.remove('putting-back')
}

/** Inside the data directory: what a recovery that is not finished has set aside. */
export const ASIDE = 'before-recover'

export function keepRecovered(data: DataFolder): void {
  if (data.has(ASIDE)) data.move(ASIDE, `${ASIDE}-20260101T000000Z`)
}

const isOurs = (data: DataFolder, restore: string): boolean =>
  data.has('before-restore') && data.read('before-restore/restore') === restore

export const setAside = script((data, restore) => {
  finishPuttingBack(data)
  keepRecovered(data)
  if (isOurs(data, restore)) {
    data.remove('member', 'restoring')
    return
  }
  data.move('before-restore', `before-restore-${data.names('before-restore-').length}`)
  data.make('setting-aside')
  data.write('setting-aside/restore', restore)
  data.move('member', 'setting-aside/member')
  data.move('setting-aside', 'before-restore')
})

export const putBack = script((data, restore) => {
  finishPuttingBack(data)
  data.move('setting-aside/member', 'member')
  data.remove('setting-aside')
  if (!isOurs(data, restore)) return
  data.remove('member', 'restoring')
  data.move('before-restore', 'putting-back')
  finishPuttingBack(data)
})

export const discard = script((data, restore) => {
  finishPuttingBack(data)
  data.remove('discarded', 'restoring', ...(isOurs(data, restore) ? ['before-restore'] : []))
})

/** `etcdctl snapshot restore` beside its place, and the move there. */
export function restoreData(process: SimProcess): Outcome {
  const { machine, argv } = process
  const [snapshot = '', ...flags] = argv.slice(4)
  const data = new DataFolder(process)
  data.remove('restoring', 'member')
  const place = process.place(ETCD_DATA)
  const refusal = restore(process, snapshot, flagsOf(flags), `${place.at}/restoring`)
  if (refusal !== undefined) return { exitCode: 1, errors: `Error: ${refusal}\n` }
  data.move('restoring/member', 'member')
  data.remove('restoring')
  machine.world.touch()
  return { exitCode: 0 }
}

/** What `etcdctl snapshot restore` does; says why it does not. */
function restore(
  process: SimProcess,
  snapshot: string,
  flags: ReadonlyMap<string, string>,
  folder: string,
): string | undefined {
  const { world, disk } = process.machine
  const database = read(process, snapshot)
  if (database === undefined) return `open ${snapshot}: no such file or directory`
  if (disk.below(folder).length > 0) return `data-dir "${folder}" not empty or could not be read`
  const found = world.snapshots.read(database)
  if (typeof found === 'string') return found
  const initial = flags.get('initial-cluster') ?? ''
  // Members of one cluster are restored one by one, each from the same file with the same list.
  const begun = [...world.etcdClusters.values()].findLast(
    (cluster) => cluster.isUnused && cluster.snapshot === found.hash && cluster.initialCluster === initial,
  )
  const cluster = begun ?? new EtcdCluster(world.newId(), initial, found.kube, found.hash)
  const peerUrl = flags.get('initial-advertise-peer-urls')
  const name = flags.get('name')
  const member = cluster.members.find((one) => one.name === name && one.peerUrl === peerUrl)
  if (member === undefined) return `couldn't find local name "${name}" in the initial cluster configuration`
  world.takeCluster(cluster)
  member.hasStarted = true
  disk.write(`${folder}/member/identity`, `${cluster.id} ${member.id}`, 0o600)
  disk.write(`${folder}/member/snap/db`, memberDatabase(cluster.kube), 0o600)
  return undefined
}
