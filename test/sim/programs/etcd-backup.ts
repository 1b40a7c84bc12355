import { posix } from 'node:path'
import type { KubeObject } from '../../../src/kube/objects/kube-object.ts'
import { snapshotArchive } from '../../unit/fakes/rke-archive.ts'
import type { EtcdMember } from '../etcd-cluster.ts'
import type { Outcome, SimProcess } from '../sim-process.ts'
import { download, removeObjects, upload } from './backup-bucket.ts'
import { BACKUP, erase, read, write } from './helper-files.ts'
import { type Flags, flagsOf, isOn } from './helper-flags.ts'

/** RKE's helper for snapshots: `rke-etcd-backup etcd-backup save|delete|download|extractstatefile`. */
export function etcdBackup(process: SimProcess): Outcome {
  const [, , command = '', ...rest] = process.argv
  const flags = flagsOf(rest)
  const isRecurring = command === 'save' && !flags.has('once')
  try {
    if (isRecurring) return recurring(process, flags)
    COMMANDS[command]?.(process, flags)
    return command in COMMANDS ? { exitCode: 0 } : { exitCode: 1, output: 'No help topic\n' }
  } catch (thrown) {
    return fatal(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

const COMMANDS: Readonly<Record<string, (process: SimProcess, flags: Flags) => void>> = {
  save: saveOnce,
  delete: remove,
  download,
  extractstatefile: extractState,
}

function saveOnce(process: SimProcess, flags: Flags): void {
  checkFlags(flags)
  const name = flags.get('name') ?? ''
  save(process, flags, name)
  if (isOn(flags, 's3-backup')) upload(process, flags, name)
}

/** Takes one at each tick, which tests make; the first after a whole interval. */
function recurring(process: SimProcess, flags: Flags): Outcome {
  checkFlags(flags)
  const { machine } = process
  machine.takeRecurringSnapshot = (now) => {
    const name = `${now.toISOString().replace(/\.\d+Z$/, 'Z')}_etcd`
    try {
      fetchState(process, name)
      save(process, flags, name)
      removeOld(process, now, flags.get('retention') ?? '24h')
      if (isOn(flags, 's3-backup')) upload(process, flags, name)
    } catch {
      // Nothing ends it.
    }
  }
  process.onEnd(() => {
    machine.takeRecurringSnapshot = undefined
  })
  return 'running'
}

/** Helpers before this one look for a ConfigMap, which is not there. */
const READS_SECRET = [0, 1, 108]

function fetchState(process: SimProcess, name: string): void {
  const { machine, container } = process
  const version = (/:v(\d+)\.(\d+)\.(\d+)/.exec(container.spec.Image) ?? []).slice(1).map(Number)
  const first = version.findIndex((part, index) => part !== READS_SECRET[index])
  if (first >= 0 && (version[first] ?? 0) < (READS_SECRET[first] ?? 0)) return
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name: 'full-cluster-state' }
  const secret = machine.apiServers().flatMap((server) => server.store()?.get<StateSecret>(ref) ?? [])[0]
  const stored = secret?.data?.['full-cluster-state']
  if (stored !== undefined) write(process, stateFile(name), Buffer.from(stored, 'base64'), 0o644)
}

interface StateSecret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

function save(process: SimProcess, flags: Flags, name: string): void {
  const { world } = process.machine
  const member = memberAt(process, flags.get('endpoints') ?? '')
  const [plain, archive] = [`${BACKUP}/${name}`, `${BACKUP}/${name}.zip`]
  const database = world.snapshots.take(member.cluster)
  write(process, plain, database, 0o600)
  const state = read(process, stateFile(name))
  const bytes = snapshotArchive(name, database, state)
  try {
    write(process, archive, bytes, 0o600)
  } catch (thrown) {
    // What was written until the disk was full stays there.
    write(process, archive, Buffer.alloc(0), 0o600)
    throw thrown
  }
  erase(process, plain)
  erase(process, stateFile(name))
}

const stateFile = (name: string): string => `/etc/kubernetes/${name}.rkestate`

function memberAt(process: SimProcess, endpoint: string): EtcdMember {
  const { machine } = process
  const host = endpoint.slice(0, endpoint.lastIndexOf(':'))
  const member = machine.world.machineAt(machine, host)?.etcd
  if (member === undefined || !member.cluster.isHealthy(member)) {
    throw new Error(`failed to check etcd health: ${endpoint} is unhealthy: context deadline exceeded`)
  }
  for (const flag of ['cacert', 'cert', 'key']) {
    const path = flagsOf(process.argv.slice(3)).get(flag) ?? ''
    if (process.file(path) === undefined) throw new Error(`open ${path}: no such file or directory`)
  }
  return member
}

function checkFlags(flags: Flags): void {
  for (const name of ['creation', 'retention']) {
    if (/^0+[a-z]*$/.test(flags.get(name) ?? '1h')) throw new Error(`${name} must not be zero`)
  }
  for (const name of ['cert', 'cacert', 'key']) {
    if (!flags.get(name)) throw new Error('cert, cacert and key are required')
  }
}

function removeOld(process: SimProcess, now: Date, retention: string): void {
  const { disk } = process.machine
  const folder = process.container.onDisk(BACKUP) ?? ''
  for (const path of disk.below(folder)) {
    const taken = Date.parse(posix.basename(path).split('_')[0] ?? '')
    if (taken < now.getTime() - Number.parseInt(retention, 10) * 3_600_000) disk.remove(path)
  }
}

function remove(process: SimProcess, flags: Flags): void {
  const name = posix.basename(flags.get('name') ?? '')
  if (name === '') throw new Error('name is required')
  const archive = `${BACKUP}/${name}.zip`
  const cleans = flags.has('cleanup')
  if (cleans && read(process, archive) !== undefined) {
    erase(process, `${BACKUP}/${name}`)
    return
  }
  if (!cleans) for (const path of [archive, `${BACKUP}/${name}`]) erase(process, path)
  if (!isOn(flags, 's3-backup')) return
  removeObjects(process, flags, name)
}

function extractState(_process: SimProcess): void {
  throw new Error('this simulated helper extracts no state: the program reads archives itself')
}

function fatal(message: string): Outcome {
  return { exitCode: 1, errors: `time="2024-11-20T21:52:03Z" level=fatal msg="${message}"\n` }
}
