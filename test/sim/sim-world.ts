import { createPrivateKey } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { TlsOptions } from 'node:tls'
import { issueAuthority } from '../../src/pki/issue/issue.ts'
import type { CallHooks, SimCall } from './calls.ts'
import { connectedStreams } from './connected-streams.ts'
import type { EtcdCluster } from './etcd-cluster.ts'
import { pooledKeys } from './key-pool.ts'
import { reconcile } from './kube-controllers.ts'
import { SimTransports } from './sim-link.ts'
import { SimMachine } from './sim-machine.ts'
import { SnapshotStore } from './snapshot-store.ts'

const BEGINNING = Date.UTC(2025, 0, 1)

export interface MachineSpec {
  readonly address: string
  readonly internalAddress?: string
}

/** Machines on one network, and all that runs on them. */
export class SimWorld {
  readonly machines: readonly SimMachine[]
  readonly etcdClusters = new Map<string, EtcdCluster>()
  /** Snapshots that were taken of them. */
  snapshots = new SnapshotStore()
  /** Every request that any machine got, in order. */
  readonly calls: SimCall[] = []
  /** Objects of S3 by key, of each bucket by `endpoint/name`. */
  readonly buckets = new Map<string, Map<string, Buffer>>()
  hooks: CallHooks = {}
  /** Whether pods of Jobs come to their end. */
  letsJobsEnd = true
  /** Names of Jobs that fail. */
  readonly failingJobs = new Set<string>()
  /** What components show that sign for themselves. */
  readonly ownCertificate: TlsOptions
  #ids = 0
  #seconds = 0
  #touched = false

  private constructor(machines: readonly MachineSpec[], ownCertificate: TlsOptions) {
    this.ownCertificate = ownCertificate
    this.machines = machines.map(
      ({ address, internalAddress }) => new SimMachine(this, address, internalAddress ?? address),
    )
  }

  static async create(machines: readonly MachineSpec[]): Promise<SimWorld> {
    return new SimWorld(machines, await selfSigned())
  }

  /**
   * The same machines, and everything on them as it is, at a moment when no run is at work: what is done to one is not
   * done to the other. Far sooner there than a second cluster is built.
   */
  copy(): SimWorld {
    const copy = new SimWorld(this.machines, this.ownCertificate)
    copy.#ids = this.#ids
    copy.#seconds = this.#seconds
    copy.calls.push(...this.calls)
    copy.snapshots = this.snapshots.copy()
    for (const [name, objects] of this.buckets) copy.buckets.set(name, new Map(objects))
    for (const cluster of this.etcdClusters.values()) copy.takeCluster(cluster.copy())
    for (const machine of this.machines) copy.machine(machine.address).copyFrom(machine)
    for (const machine of this.machines) copy.machine(machine.address).resume(machine)
    return copy
  }

  /** Etcd members may share these data from now on. */
  takeCluster(cluster: EtcdCluster): void {
    this.etcdClusters.set(cluster.id, cluster)
    cluster.kube.onChange = () => this.touch()
  }

  /** Connections of a new run. */
  transports(): SimTransports {
    return new SimTransports(this)
  }

  machine(address: string): SimMachine {
    const found = this.machines.find((machine) => machine.address === address)
    if (found === undefined) throw new TypeError(`there is no machine ${address}`)
    return found
  }

  /** The machine that a host name or address means, as seen from one of them. */
  machineAt(from: SimMachine, host: string): SimMachine | undefined {
    if (['127.0.0.1', 'localhost', '::1'].includes(host)) return from
    return this.machines.find(({ address, internalAddress }) => address === host || internalAddress === host)
  }

  /** A connection from a machine to a port, or why there is none, in the words of the network. */
  connect(from: SimMachine, host: string, port: number): Duplex | string {
    const target = this.machineAt(from, host)
    if (target === undefined) return 'No route to host'
    const listener = target.ports.get(port)
    if (listener === undefined) return 'Connection refused'
    const [near, far] = connectedStreams()
    listener.accept(far)
    return near
  }

  newId(): string {
    this.#ids += 1
    return `${this.#ids}`
  }

  /**
   * A moment in RFC 3339, each time a second later: in which order things happened. All of them are long before what the clocks of the
   * machines say (`DockerInfo.SystemTime`), since nothing takes time.
   */
  nextSecond(): string {
    this.#seconds += 1
    return new Date(BEGINNING + this.#seconds * 1000).toISOString()
  }

  /** Whether any machine has data of this etcd cluster, other than data that were set aside. */
  carriesEtcd(clusterId: string): boolean {
    return this.machines.some(({ disk }) =>
      disk
        .below('/')
        .some(
          (path) => /\/etcd\/member\/identity$/.test(path) && disk.read(path)?.split(' ')[0] === clusterId,
        ),
    )
  }

  /** Components have not yet looked at the last change. */
  get isSettling(): boolean {
    return this.#touched
  }

  /** Something changed: components look at it in a moment. */
  touch(): void {
    if (this.#touched) return
    this.#touched = true
    setImmediate(() => {
      this.#touched = false
      for (const { docker } of this.machines) docker.retry()
      reconcile(this)
    })
  }
}

let own: Promise<TlsOptions> | undefined

function selfSigned(): Promise<TlsOptions> {
  own ??= (async () => {
    const key = await pooledKeys.generate()
    return { cert: await issueAuthority('localhost', createPrivateKey(key), new Date()), key }
  })()
  return own
}
