import type { Duplex } from 'node:stream'
import { SimDisk } from './disk.ts'
import { dockerHandler } from './docker-routes.ts'
import type { EtcdMember } from './etcd-cluster.ts'
import { type Listener, listenHttp } from './http.ts'
import type { KubeStore } from './kube-store.ts'
import { SimDocker } from './sim-docker.ts'
import type { SimWorld } from './sim-world.ts'

/** What runs as a kubelet. */
export interface RunningKubelet {
  /** It has registered its Node since it was started: it does so only once. */
  hasRegistered: boolean
  /** Its first heartbeat, in RFC 3339; it is not heard of again. */
  readonly startedAt: string
  readonly name: string
  /** The flag `register-with-taints`. */
  readonly taints: string | undefined
  readonly version: string
  /** PEM of what it trusts and what it shows. */
  readonly authority: string | undefined
  readonly certificate: string | undefined
}

/** What runs as an API server. */
export interface RunningApiServer {
  /** Such as `v1.30.4`. */
  readonly version: string
  readonly store: () => KubeStore | undefined
  /** The encryption provider file as it was when the server started; empty: it has none. */
  readonly encryption: string
  /** Hosts of the etcd members that it was told of. */
  readonly etcdHosts: readonly string[]
  readonly authority: string
  readonly certificate: string
  /** The keys whose tokens it accepts; PEM text. */
  readonly tokenKeys: string
  /** What it shows kubelets, and what it would show them if it looked at the file again. */
  clientCertificate: string
  readonly readClientCertificate: () => string
}

/** A machine: a disk, a Docker engine, and what its containers run. */
export class SimMachine {
  readonly address: string
  readonly internalAddress: string
  readonly world: SimWorld
  readonly disk = new SimDisk()
  /** How far its clock is ahead of this process's. */
  clockAheadMs = 0
  readonly docker: SimDocker
  readonly ports = new Map<number, Listener>()
  /** Whether logins reach it. */
  reachable = true
  etcd: EtcdMember | undefined
  apiServer: RunningApiServer | undefined
  kubelet: RunningKubelet | undefined
  /** Whether the network plugin's images are there, or are still being pulled. */
  hasNetwork = true
  /** A tick of the container of recurring snapshots, while it runs. */
  takeRecurringSnapshot: ((now: Date) => void) | undefined
  /** A controller manager runs here. */
  controllers = false
  /** The CA that its controller manager hands to pods. */
  rootCa = ''
  /** The key that it signs tokens of ServiceAccounts with, PEM. */
  tokenKey = ''
  /** Where the proxy on port 6443 leads. */
  proxyHosts: readonly string[] = []
  #socket: Listener

  constructor(world: SimWorld, address: string, internalAddress = address) {
    this.world = world
    this.address = address
    this.internalAddress = internalAddress
    this.docker = new SimDocker(this)
    this.#socket = listenHttp(dockerHandler(this.docker))
    this.disk.onChange = () => world.touch()
  }

  /** Takes over what is on another machine; nothing of it runs before `resume`. */
  copyFrom(other: SimMachine): void {
    this.reachable = other.reachable
    this.hasNetwork = other.hasNetwork
    this.disk.copyFrom(other.disk)
    this.docker.copyFrom(other.docker)
  }

  /** Starts what ran on the machine that this one is a copy of. */
  resume(other: SimMachine): void {
    this.docker.resume()
    if (this.kubelet !== undefined) this.kubelet.hasRegistered = other.kubelet?.hasRegistered ?? false
  }

  /** A connection to Docker's socket. */
  acceptDocker(stream: Duplex): void {
    this.#socket.accept(stream)
  }

  /** Docker restarts: every connection to it breaks, and containers that are to run always run again. */
  restartDocker(): void {
    this.#socket.close()
    this.docker.reboot()
  }

  /** The machine goes down with all that runs on it, and nothing reaches it. */
  powerOff(): void {
    this.reachable = false
    this.docker.halt()
  }

  powerOn(): void {
    this.reachable = true
    this.docker.boot()
  }

  /** API servers that this machine's components can use. */
  apiServers(): readonly RunningApiServer[] {
    if (this.apiServer !== undefined) return [this.apiServer]
    return this.proxyHosts.flatMap((host) => this.world.machineAt(this, host)?.apiServer ?? [])
  }
}
