import type { EtcdApi, EtcdMember, EtcdStatus } from '../../../src/etcd/etcd-api.ts'
import { EtcdRefusal, LearnerBehindError, UnsettledError } from '../../../src/etcd/etcd-failure.ts'

export interface FakeEtcdMember extends EtcdMember {
  readonly healthy: boolean
}

/**
 * An etcd cluster in memory. `at(host)` is the API of one member, like a client that was dialled there.
 * Without a healthy majority of voters every membership request fails, as with the real one.
 */
export class FakeEtcd {
  readonly calls: string[] = []
  /** Called before each request with its verb and the host asked: throw to make it fail. */
  before: ((verb: string, host: string) => void) | undefined
  /** How many membership changes are refused because members have not been connected for long. */
  unsettled = 0
  /** How often a learner is still behind when it is to be promoted. */
  behind = 0
  members: FakeEtcdMember[] = []
  /** By key. */
  readonly values = new Map<string, string>()
  /** Id of the member that was chosen to lead. */
  lead: string | undefined
  #nextId = 0x9000000000000000n

  /** A member that runs. */
  start(name: string, internalAddress: string, options: Partial<FakeEtcdMember> = {}): FakeEtcdMember {
    const member: FakeEtcdMember = {
      id: String(this.#nextId++),
      name: `etcd-${name}`,
      peerURLs: [`https://${internalAddress}:2380`],
      clientURLs: [`https://${internalAddress}:2379`],
      isLearner: false,
      healthy: true,
      ...options,
    }
    const added = this.members.findIndex(({ peerURLs }) => peerURLs[0] === member.peerURLs[0])
    const known = this.members[added]
    if (known === undefined) this.members.push(member)
    else this.members[added] = { ...member, id: known.id, isLearner: known.isLearner }
    return this.members[added] ?? member
  }

  setHealth(name: string, healthy: boolean): void {
    this.members = this.members.map((member) =>
      member.name === `etcd-${name}` ? { ...member, healthy } : member,
    )
  }

  at(host: string): EtcdApi {
    return {
      members: async (_signal, { local = false } = {}) => {
        this.#called('members', host)
        if (!local) this.#needQuorum()
        return this.members.map(({ healthy, ...member }) => member)
      },
      addMember: async (peerURLs, { learner = false } = {}) => {
        this.#called(`add ${peerURLs.join(',')}${learner ? ' as learner' : ''}`, host)
        this.#needSettled()
        const id = String(this.#nextId++)
        const member = { id, name: '', peerURLs, clientURLs: [], isLearner: learner, healthy: false }
        this.members.push(member)
        return member
      },
      promoteMember: async (id) => {
        this.#called(`promote ${id}`, host)
        this.#needQuorum()
        if (this.behind-- > 0) throw new LearnerBehindError('learner is behind', { code: 9 })
        this.#change(id, (member) => ({ ...member, isLearner: false }))
      },
      removeMember: async (id) => {
        this.#called(`remove ${id}`, host)
        this.#needSettled()
        this.members = this.members.filter((member) => member.id !== id)
      },
      moveLeader: async (id) => {
        this.#called(`move leader to ${id}`, host)
        if (this.#leader() !== this.#memberAt(host)?.id) {
          throw new EtcdRefusal('etcdserver: not leader', { code: 14 })
        }
        this.lead = id
      },
      heads: async (prefix, { limit, after = '' }) => {
        this.#called(`read ${limit} below ${prefix}`, host)
        const found = [...this.values].filter(([key]) => key.startsWith(prefix) && key > after).sort()
        const heads = found.slice(0, limit).map(([key, head]) => ({ key, head }))
        return { heads, more: found.length > limit }
      },
      status: async () => this.#status(host),
      health: async () => {
        this.#called('health', host)
        const member = this.#memberAt(host)
        const ok = member?.healthy === true && this.hasQuorum()
        return { ok, detail: ok ? 'healthy' : 'not healthy' }
      },
      close: async () => {
        this.#called('close', host)
      },
    }
  }

  hasQuorum(): boolean {
    const voters = this.members.filter((member) => !member.isLearner)
    return voters.filter((member) => member.healthy).length > voters.length / 2
  }

  /** Id of the chosen one, or of the first that may lead; `0` without a quorum. */
  #leader(): string {
    const able = this.members.filter(({ healthy, isLearner }) => healthy && !isLearner)
    if (!this.hasQuorum()) return '0'
    return (able.find(({ id }) => id === this.lead) ?? able[0])?.id ?? '0'
  }

  #status(host: string): EtcdStatus {
    this.#called('status', host)
    const member = this.#memberAt(host)
    return {
      memberId: member?.id ?? '0',
      version: '3.5.15',
      dbSize: 4096,
      leader: this.#leader(),
      revision: 7,
      raftIndex: 10n,
      raftTerm: 2n,
      isLearner: member?.isLearner ?? false,
    }
  }

  #called(verb: string, host: string): void {
    this.calls.push(`${host}: ${verb}`)
    this.before?.(verb.split(' ', 1)[0] ?? verb, host)
  }

  #memberAt(host: string): FakeEtcdMember | undefined {
    return this.members.find(({ clientURLs }) => clientURLs[0] === `https://${host}:2379`)
  }

  #needQuorum(): void {
    if (!this.hasQuorum()) throw new EtcdRefusal('etcdserver: request timed out', { code: 14 })
  }

  #needSettled(): void {
    this.#needQuorum()
    if (this.unsettled-- > 0) throw new UnsettledError('etcdserver: unhealthy cluster', { code: 14 })
  }

  #change(id: string, change: (member: FakeEtcdMember) => FakeEtcdMember): void {
    if (!this.members.some((member) => member.id === id)) {
      throw new EtcdRefusal('etcdserver: member not found', { code: 5 })
    }
    this.members = this.members.map((member) => (member.id === id ? change(member) : member))
  }
}
