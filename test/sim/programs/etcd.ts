import { EtcdCluster, type EtcdMember } from '../etcd-cluster.ts'
import { type Handler, listenHttp, listenRaw, sendJson } from '../http.ts'
import type { Outcome, SimProcess } from '../sim-process.ts'

/** A member of an etcd cluster, with its data on the machine's disk. */
export function etcd(process: SimProcess): Outcome {
  const missing = process.missingFiles()
  if (missing.length > 0) return { exitCode: 1, output: `open ${missing[0]}: no such file or directory\n` }
  const { machine } = process
  const data = process.container.onDisk(process.flag('data-dir') ?? '') ?? '/var/lib/etcd'
  machine.disk.makeFolder(data)
  const folder = machine.disk.at(data)
  if (folder?.mode !== 0o700) return { exitCode: 1, output: `directory ${data} is not drwx------\n` }
  const name = process.flag('name') ?? ''
  const cluster = clusterOf(process, name, `${data}/member/cluster-id`)
  if (typeof cluster === 'string') return { exitCode: 1, output: `${cluster}\n` }
  const [certificate, key, authority] = [
    file(process, 'cert-file'),
    file(process, 'key-file'),
    file(process, 'trusted-ca-file'),
  ]
  const member: EtcdMember = { name, cluster, certificate, authority }
  const tls = { cert: certificate, key, ca: authority, requestCert: true, rejectUnauthorized: true }
  process.listen(2379, listenHttp(answers(process, member), tls))
  process.listen(2380, listenRaw())
  machine.etcd = member
  cluster.running.set(name, member)
  process.onEnd(() => {
    machine.etcd = undefined
    cluster.running.delete(name)
  })
  return 'running'
}

const file = (process: SimProcess, flag: string): string => process.file(process.flag(flag) ?? '') ?? ''

/** The cluster that a member belongs to: that of its data, or the one that is just being formed. */
function clusterOf(process: SimProcess, name: string, marker: string): EtcdCluster | string {
  const { world, disk } = process.machine
  const id = disk.read(marker)
  if (id !== undefined) return world.etcdClusters.get(id) ?? `unknown cluster ${id}`
  const initial = process.flag('initial-cluster') ?? ''
  const forming = [...world.etcdClusters.values()].find(
    (candidate) => candidate.initialCluster === initial && world.carriesEtcd(candidate.id),
  )
  if (forming?.bootstrapped.has(name)) return `member ${name} has already been bootstrapped`
  const cluster = forming ?? new EtcdCluster(world.newId(), initial)
  world.etcdClusters.set(cluster.id, cluster)
  cluster.kube.onChange = () => world.touch()
  cluster.bootstrapped.add(name)
  disk.write(marker, cluster.id, 0o600)
  return cluster
}

function answers({ machine }: SimProcess, member: EtcdMember): Handler {
  const { cluster, name } = member
  return async (request, reply) => {
    const call = {
      machine: machine.address,
      service: 'etcd' as const,
      method: request.method ?? '',
      path: request.url ?? '',
    }
    machine.world.calls.push(call)
    machine.world.hooks.before?.(call)
    request.resume()
    const healthy = cluster.isHealthy(member)
    if (call.path === '/health') {
      const said = healthy ? { health: 'true', reason: '' } : { health: 'false', reason: 'RAFT NO LEADER' }
      sendJson(reply, said, healthy ? 200 : 503)
    } else if (!healthy) {
      sendJson(reply, { error: 'etcdserver: request timed out', code: 14 }, 503)
    } else if (call.path === '/v3/cluster/member/list') {
      sendJson(reply, { header: { cluster_id: '1' }, members: membersOf(cluster) })
    } else if (call.path === '/v3/maintenance/status') {
      sendJson(reply, { version: '3.5.12', leader: '1', header: { member_id: idOf(cluster, name) } })
    } else {
      sendJson(reply, { error: `this simulated etcd does not know ${call.path}`, code: 12 }, 501)
    }
  }
}

function membersOf(cluster: EtcdCluster): readonly object[] {
  return cluster.peers.map(({ name, url }) => ({
    ID: idOf(cluster, name),
    name: cluster.bootstrapped.has(name) ? name : '',
    peerURLs: [url],
    clientURLs: cluster.bootstrapped.has(name) ? [url.replace(/2380$/, '2379')] : [],
  }))
}

function idOf(cluster: EtcdCluster, name: string): string {
  return String(1 + cluster.peers.findIndex((peer) => peer.name === name))
}
