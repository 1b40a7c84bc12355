import type { Inode } from '../disk.ts'
import { EtcdCluster, type EtcdMember, type Membership, peersOf } from '../etcd-cluster.ts'
import { etcdHandler } from '../etcd-routes.ts'
import { type Handler, listenHttp } from '../http.ts'
import type { Outcome, SimProcess } from '../sim-process.ts'
import { memberDatabase } from '../snapshot-store.ts'
import { knownText } from '../trust.ts'

/** A member of an etcd cluster, with its data on the machine's disk. */
export function etcd(process: SimProcess): Outcome {
  const missing = process.missingFiles()
  if (missing.length > 0) return { exitCode: 1, output: `open ${missing[0]}: no such file or directory\n` }
  const [denied] = process.deniedFiles('trusted-ca-file', ...READ_EACH_TIME)
  if (denied !== undefined) return { exitCode: 1, output: `open ${denied}: permission denied\n` }
  const { machine } = process
  const data = process.container.onDisk(process.flag('data-dir') ?? '') ?? '/var/lib/etcd'
  machine.disk.makeFolder(data)
  const folder = machine.disk.at(data)
  if (folder?.mode !== 0o700) return { exitCode: 1, output: `directory ${data} is not drwx------\n` }
  const found = membershipOf(process, `${data}/member/identity`)
  if (typeof found === 'string') return { exitCode: 1, output: `${found}\n` }
  const [cluster, membership] = found
  const { id } = membership
  const database = databaseOf(process, data, cluster)
  if (database === undefined) return { exitCode: 1, output: `open ${data}/${DATABASE}: permission denied\n` }
  const [certificate, key, authority] = [
    file(process, 'cert-file'),
    file(process, 'key-file'),
    file(process, 'trusted-ca-file'),
  ]
  const { docker } = machine
  const stop = (): void => docker.fail(process.container.id, 'the member has been permanently removed\n')
  const readsItsFiles = (): boolean => process.deniedFiles(...READ_EACH_TIME).length === 0
  const member: EtcdMember = { id, cluster, certificate, authority, readsItsFiles, stop }
  const tls = { cert: certificate, key, ca: authority, requestCert: true, rejectUnauthorized: true }
  process.listen(2379, listenHttp(etcdHandler(machine, member), tls))
  process.listen(2380, listenHttp(noPeer, tls))
  machine.etcd = member
  cluster.starts(member)
  process.onEnd(() => {
    machine.etcd = undefined
    cluster.ends(member)
    database.content = memberDatabase(cluster.kube, membership.revision)
  })
  return 'running'
}

/** Members are played without messages between them. */
const noPeer: Handler = async (_request, reply) => {
  reply.writeHead(404).end()
}

const DATABASE = 'member/snap/db'

/** The file of a member's data, which it holds open wherever its folder is moved; `undefined` if it is somebody else's. */
function databaseOf(
  process: SimProcess,
  data: string,
  { kube }: EtcdCluster,
): Extract<Inode, { type: 'file' }> | undefined {
  const { disk } = process.machine
  const path = `${data}/${DATABASE}`
  const [uid = 0] = (process.container.spec.User ?? '').split(':').filter(Boolean).map(Number)
  if (!disk.exists(path)) {
    const content = memberDatabase(kube)
    disk.put(path, { type: 'file', mode: 0o600, uid, gid: uid, content })
  }
  const found = disk.at(path)
  return found?.type === 'file' && (uid === 0 || found.uid === uid) ? found : undefined
}

/** Flags whose files etcd reads for each connection. */
const READ_EACH_TIME = ['cert-file', 'key-file']

const file = (process: SimProcess, flag: string): string =>
  knownText(process.file(process.flag(flag) ?? '') ?? '')

type Found = readonly [EtcdCluster, Membership] | string

/** Which member this is: that of its data, or one of a cluster that is being formed or that has added it. */
function membershipOf(process: SimProcess, marker: string): Found {
  const { world, disk } = process.machine
  const [clusterId, memberId] = disk.read(marker)?.split(' ') ?? []
  if (clusterId !== undefined) {
    const cluster = world.etcdClusters.get(clusterId)
    const member = cluster?.members.find(({ id }) => id === memberId)
    if (cluster === undefined || member === undefined) return 'the member has been permanently removed'
    return process.flag('force-new-cluster') === undefined
      ? [cluster, member]
      : forced(process, marker, cluster, member)
  }
  const found = process.flag('initial-cluster-state') === 'existing' ? joined(process) : formed(process)
  if (typeof found === 'string') return found
  const [cluster, member] = found
  if (member.hasStarted) return `member ${member.name} has already been bootstrapped`
  member.hasStarted = true
  member.name = process.flag('name') ?? ''
  disk.write(marker, `${cluster.id} ${member.id}`, 0o600)
  return found
}

/** The member leaves all others, with what it has seen of their data. */
function forced(process: SimProcess, marker: string, cluster: EtcdCluster, member: Membership): Found {
  const { world, disk } = process.machine
  if (cluster.members.length === 1) return [cluster, member]
  const fork = cluster.forked(world.newId(), member)
  world.takeCluster(fork)
  disk.write(marker, `${fork.id} ${member.id}`, 0o600)
  const [only] = fork.members
  return only === undefined ? 'no members' : [fork, only]
}

function formed(process: SimProcess): Found {
  const { world } = process.machine
  const initial = process.flag('initial-cluster') ?? ''
  const alike = [...world.etcdClusters.values()].filter(
    ({ id, initialCluster }) => initialCluster === initial && world.carriesEtcd(id),
  )
  const forming = alike.find(({ running }) => running.size > 0) ?? alike.at(-1)
  const cluster = forming ?? new EtcdCluster(world.newId(), initial)
  world.takeCluster(cluster)
  const member = cluster.members.find(({ peerUrl }) => peerUrl === peerUrlOf(process))
  return member === undefined ? 'the member has been permanently removed' : [cluster, member]
}

/** etcd asks the members it is told of, and compares their list with its own. */
function joined(process: SimProcess): Found {
  const { world } = process.machine
  const told = peersOf(process.flag('initial-cluster') ?? '').map(([, url]) => url)
  const running = told.flatMap(
    (url) => world.machineAt(process.machine, new URL(url).hostname)?.etcd?.cluster ?? [],
  )
  const [cluster] = running
  if (cluster === undefined) return 'cannot fetch cluster info from peer urls'
  const known = cluster.members.map(({ peerUrl }) => peerUrl)
  if ([...known].sort().join() !== [...told].sort().join()) {
    return `error validating peerURLs: ${told.join()} is not ${known.join()}`
  }
  const member = cluster.members.find(({ peerUrl }) => peerUrl === peerUrlOf(process))
  return member === undefined ? 'not a member' : [cluster, member]
}

const peerUrlOf = (process: SimProcess): string | undefined => process.flag('initial-advertise-peer-urls')
