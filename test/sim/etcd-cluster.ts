import { KubeStore } from './kube-store.ts'
import { isSignedBy } from './trust.ts'

/** A member as the cluster knows it. */
export interface Membership {
  readonly id: string
  /** Empty until it has started. */
  name: string
  readonly peerUrl: string
  isLearner: boolean
  /** It has data on its disk. */
  hasStarted: boolean
  /** The last revision that it saw; all of them without it. */
  revision?: number | undefined
}

/** The etcd process of one machine. */
export interface EtcdMember {
  readonly id: string
  readonly cluster: EtcdCluster
  /** PEM of its certificate, and of the authority it trusts. */
  readonly certificate: string
  readonly authority: string
  /** Whether its process can read its certificate and key, as it does for each connection. */
  readonly readsItsFiles: () => boolean
  /** Ends its process, as etcd does when its member was removed. */
  readonly stop: () => void
}

/** A refusal of etcd's, with its gRPC status code. */
export class EtcdError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(`etcdserver: ${message}`)
    this.code = code
  }
}

const NOT_FOUND = 5
const PRECONDITION = 9
const UNAVAILABLE = 14

/** Members that share their data: what a Kubernetes API server keeps is in `kube`. */
export class EtcdCluster {
  readonly id: string
  /** The flag of that name that its first members started with. */
  readonly initialCluster: string
  /** Hash of the snapshot that it was restored from. */
  readonly snapshot: string | undefined
  readonly kube: KubeStore
  /** By id. */
  readonly running = new Map<string, EtcdMember>()
  members: Membership[]
  readonly #begun: number
  #ids = 0
  #lead: string | undefined

  constructor(id: string, initialCluster: string, kube = new KubeStore(), snapshot?: string) {
    this.id = id
    this.kube = kube
    this.snapshot = snapshot
    this.#begun = kube.revision
    this.initialCluster = initialCluster
    this.members = peersOf(initialCluster).map(([name, peerUrl]) => ({
      id: this.#newId(),
      name,
      peerUrl,
      isLearner: false,
      hasStarted: false,
    }))
  }

  /** The same members and data; none of them runs. */
  copy(): EtcdCluster {
    const copy = new EtcdCluster(this.id, this.initialCluster, this.kube.copy(), this.snapshot)
    copy.members = this.members.map((member) => ({ ...member }))
    copy.#ids = this.#ids
    copy.#lead = this.#lead
    return copy
  }

  /** A member's process has started; those that have a majority now get all data. */
  starts(member: EtcdMember): void {
    this.running.set(member.id, member)
    this.#catchUp()
  }

  ends({ id }: EtcdMember): void {
    this.#catchUp()
    this.running.delete(id)
    const known = this.members.find((member) => member.id === id)
    if (known !== undefined) known.revision ??= this.kube.revision
  }

  #catchUp(): void {
    for (const member of this.running.values()) {
      const known = this.members.find(({ id }) => id === member.id)
      if (known !== undefined && this.isHealthy(member)) known.revision = undefined
    }
  }

  /** Nothing was written since its data were restored. */
  get isUnused(): boolean {
    return this.snapshot !== undefined && this.kube.revision === this.#begun
  }

  /** Another cluster with the data that one member has seen, and that member alone: what `--force-new-cluster` makes. */
  forked(id: string, member: Membership): EtcdCluster {
    const fork = new EtcdCluster(
      id,
      this.initialCluster,
      this.kube.asOf(member.revision ?? this.kube.revision).branch(),
    )
    fork.members = [{ ...member, isLearner: false }]
    fork.#ids = this.#ids
    return fork
  }

  /** Whether a member takes connections, and is connected to a majority of those with a vote. */
  isHealthy(member: EtcdMember): boolean {
    return member.readsItsFiles() && this.#connected(member).length > this.#voters().length / 2
  }

  isLearner({ id }: EtcdMember): boolean {
    return this.members.find((known) => known.id === id)?.isLearner ?? false
  }

  /** A change of members is allowed only while all that have a vote are connected. */
  add(peerUrl: string, isLearner: boolean, through: EtcdMember): Membership {
    if (this.#connected(through).length < this.#voters().length) {
      throw new EtcdError(UNAVAILABLE, 'unhealthy cluster')
    }
    if (this.members.some((member) => member.peerUrl === peerUrl)) {
      throw new EtcdError(PRECONDITION, 'Peer URLs already exists')
    }
    if (isLearner && this.members.some((member) => member.isLearner)) {
      throw new EtcdError(PRECONDITION, 'too many learner members in cluster')
    }
    const member = { id: this.#newId(), name: '', peerUrl, isLearner, hasStarted: false }
    this.members.push(member)
    return member
  }

  promote(id: string): void {
    const member = this.#find(id)
    if (!member.isLearner) throw new EtcdError(PRECONDITION, 'can only promote a learner member')
    if (!this.running.has(id)) {
      throw new EtcdError(PRECONDITION, 'can only promote a learner member which is in sync with leader')
    }
    member.isLearner = false
  }

  /** Id of the member that leads; `0` if none does. */
  get leader(): string {
    const able = this.#voters().filter(({ id }) => {
      const member = this.running.get(id)
      return member !== undefined && this.isHealthy(member)
    })
    return (able.find(({ id }) => id === this.#lead) ?? able[0])?.id ?? '0'
  }

  moveLeader(from: string, to: string): void {
    if (this.leader !== from) throw new EtcdError(UNAVAILABLE, 'not leader')
    if (!this.#voters().some(({ id }) => id === to))
      throw new EtcdError(PRECONDITION, 'bad leader transferee')
    this.#lead = to
  }

  remove(id: string): void {
    const leaving = this.#find(id)
    const staying = this.#voters().filter((member) => member !== leaving)
    const up = staying.filter((member) => this.running.has(member.id))
    if (!leaving.isLearner && up.length <= staying.length / 2) {
      throw new EtcdError(PRECONDITION, 're-configuration failed due to not enough started members')
    }
    this.members = this.members.filter((member) => member !== leaving)
    this.running.get(id)?.stop()
  }

  #find(id: string): Membership {
    const found = this.members.find((member) => member.id === id)
    if (found === undefined) throw new EtcdError(NOT_FOUND, 'member not found')
    return found
  }

  #voters(): readonly Membership[] {
    return this.members.filter(({ isLearner }) => !isLearner)
  }

  #connected(member: EtcdMember): readonly EtcdMember[] {
    const voters = new Set(this.#voters().map(({ id }) => id))
    return [...this.running.values()].filter(
      (other) =>
        voters.has(other.id) &&
        other.readsItsFiles() &&
        isSignedBy(other.certificate, member.authority) &&
        isSignedBy(member.certificate, other.authority),
    )
  }

  #newId(): string {
    this.#ids += 1
    return `${this.#ids}`
  }
}

/** Name and peer URL of each member of a flag `--initial-cluster`. */
export function peersOf(initialCluster: string): readonly (readonly [name: string, url: string])[] {
  return initialCluster.split(',').map((entry) => {
    const at = entry.indexOf('=')
    return [entry.slice(0, at), entry.slice(at + 1)]
  })
}
