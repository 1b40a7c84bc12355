import type { SimCall } from './calls.ts'
import { EtcdError, type EtcdMember, type Membership } from './etcd-cluster.ts'
import { type Handler, readJson, sendJson } from './http.ts'
import { storedBelow } from './sealed-secrets.ts'
import type { SimMachine } from './sim-machine.ts'

/** Answers what is asked of one member: its health, and the JSON gateway's calls about members. */
export function etcdHandler(machine: SimMachine, member: EtcdMember): Handler {
  const { world, address } = machine
  return async (request, reply) => {
    const path = request.url ?? ''
    const call: SimCall = { machine: address, service: 'etcd', method: request.method ?? '', path }
    world.calls.push(call)
    const body = await readJson(request)
    try {
      world.hooks.before?.(call)
      const isHealthy = member.cluster.isHealthy(member)
      if (path === '/health') {
        world.hooks.after?.(call)
        const said = isHealthy
          ? { health: 'true', reason: '' }
          : { health: 'false', reason: 'RAFT NO LEADER' }
        sendJson(reply, said, isHealthy ? 200 : 503)
        return
      }
      const isLocal = body.linearizable === false || path === '/v3/maintenance/status'
      if (!isHealthy && !isLocal) throw new EtcdError(14, 'request timed out')
      const answer = answerTo(path, body, member)
      world.touch()
      world.hooks.after?.(call)
      sendJson(reply, answer)
    } catch (thrown) {
      const { code = 2, message } = thrown as Partial<EtcdError> & Error
      world.hooks.after?.(call)
      sendJson(reply, { error: message, message, code }, code === 14 ? 503 : 400)
    }
  }
}

function answerTo(path: string, body: Readonly<Record<string, unknown>>, member: EtcdMember): object {
  const { cluster, id } = member
  const header = { cluster_id: cluster.id, member_id: id, revision: String(cluster.kube.revision) }
  switch (path) {
    case '/v3/cluster/member/list':
      return { header, members: cluster.members.map(shown) }
    case '/v3/cluster/member/add': {
      const url = Array.isArray(body.peerURLs) ? String(body.peerURLs[0]) : ''
      const added = cluster.add(url, body.isLearner === true, member)
      return { header, member: shown(added), members: cluster.members.map(shown) }
    }
    case '/v3/cluster/member/promote':
      cluster.promote(String(body.ID))
      return { header, members: cluster.members.map(shown) }
    case '/v3/cluster/member/remove':
      cluster.remove(String(body.ID))
      return { header, members: cluster.members.map(shown) }
    case '/v3/kv/range': {
      const { heads, more } = range(body, member)
      const kvs = heads.map(({ key, head }) => ({ key: toBase64(key), value: toBase64(head) }))
      return { header, kvs, ...(more && { more }) }
    }
    case '/v3/maintenance/transfer-leadership':
      cluster.moveLeader(id, String(body.targetID))
      return { header }
    case '/v3/maintenance/status':
      return {
        header,
        version: '3.5.12',
        dbSize: '20480',
        leader: cluster.leader,
        raftIndex: String(cluster.kube.revision),
        raftTerm: '2',
        ...(cluster.isLearner(member) && { isLearner: true }),
      }
    default:
      throw new EtcdError(12, `this simulated etcd does not know ${path}`)
  }
}

/** Everything below a folder, or what comes after a key of it. */
function range(body: Readonly<Record<string, unknown>>, { cluster }: EtcdMember) {
  const [from, end] = [fromBase64(body.key), fromBase64(body.range_end)]
  const prefix = end.slice(0, -1) + String.fromCharCode(end.charCodeAt(end.length - 1) - 1)
  const after = from.endsWith('\0') ? from.slice(0, -1) : undefined
  return storedBelow(cluster.kube, prefix, { limit: Number(body.limit), after })
}

const fromBase64 = (text: unknown): string => Buffer.from(String(text), 'base64').toString()
const toBase64 = (text: string): string => Buffer.from(text).toString('base64')

/** proto3 JSON: what is empty or false is left out. */
function shown({ id, name, peerUrl, isLearner, hasStarted }: Membership): object {
  return {
    ID: id,
    ...(name !== '' && hasStarted && { name }),
    peerURLs: [peerUrl],
    ...(hasStarted && { clientURLs: [peerUrl.replace(/2380$/, '2379')] }),
    ...(isLearner && { isLearner: true }),
  }
}
