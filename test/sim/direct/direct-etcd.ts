import { EtcdError } from '../../../src/errors.ts'
import type { EtcdApi, EtcdMember as Shown } from '../../../src/etcd/etcd-api.ts'
import { refusal } from '../../../src/etcd/etcd-failure.ts'
import { type EtcdMember, type Membership, EtcdError as Refusal } from '../etcd-cluster.ts'
import { storedBelow } from '../sealed-secrets.ts'
import type { SimMachine } from '../sim-machine.ts'
import type { DirectRun } from './direct-run.ts'

/** The etcd member of a machine, asked without a connection. */
export function directEtcd(run: DirectRun, machine: SimMachine): EtcdApi {
  const ask = async <T>(path: string, act: (member: EtcdMember) => T, local = false): Promise<T> => {
    try {
      return await run.ask(machine, 'etcd', ['POST', `/v3/${path}`], () => {
        const member = running(machine)
        if (!local && !member.cluster.isHealthy(member)) throw new Refusal(14, 'request timed out')
        const answer = act(member)
        machine.world.touch()
        return answer
      })
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      const body = JSON.stringify({ error: thrown.message, code: thrown.code })
      throw refusal(path, 400, body, { host: machine.address })
    }
  }
  return {
    members: (_signal, { local = false } = {}) =>
      ask('cluster/member/list', ({ cluster }) => cluster.members.map(shown), local),
    addMember: ([url = ''], { learner = false } = {}) =>
      ask('cluster/member/add', (member) => shown(member.cluster.add(url, learner, member))),
    promoteMember: (id) => ask('cluster/member/promote', ({ cluster }) => cluster.promote(id)),
    removeMember: (id) =>
      ask('cluster/member/remove', ({ cluster }) => {
        if (cluster.members.some((member) => member.id === id)) cluster.remove(id)
      }),
    moveLeader: (id) =>
      ask('maintenance/transfer-leadership', (member) => member.cluster.moveLeader(member.id, id)),
    status: () =>
      ask(
        'maintenance/status',
        (member) => ({
          memberId: member.id,
          version: '3.5.12',
          dbSize: 0,
          leader: member.cluster.leader,
          revision: member.cluster.kube.revision,
          raftIndex: BigInt(member.cluster.kube.revision),
          raftTerm: 2n,
          isLearner: member.cluster.isLearner(member),
        }),
        true,
      ),
    heads: (prefix, page) => ask('kv/range', ({ cluster }) => storedBelow(cluster.kube, prefix, page)),
    health: async () => {
      const ok =
        machine.reachable && !run.signal.aborted && machine.etcd?.cluster.isHealthy(machine.etcd) === true
      return { ok, detail: ok ? 'healthy' : 'not healthy' }
    },
    close: async () => {},
  }
}

function running({ etcd, address }: SimMachine): EtcdMember {
  if (etcd !== undefined) return etcd
  throw new EtcdError(`etcd on ${address} does not answer`, { host: address })
}

/** A member has a name and an address for clients once it has started. */
function shown({ id, name, peerUrl, isLearner, hasStarted }: Membership): Shown {
  return {
    id,
    name: hasStarted ? name : '',
    peerURLs: [peerUrl],
    clientURLs: hasStarted ? [peerUrl.replace(/2380$/, '2379')] : [],
    isLearner,
  }
}
