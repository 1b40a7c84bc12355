import { KubeStore } from './kube-store.ts'
import { isSignedBy } from './trust.ts'

/** The etcd process of one machine. */
export interface EtcdMember {
  readonly name: string
  readonly cluster: EtcdCluster
  /** PEM of its certificate, and of the authority it trusts. */
  readonly certificate: string
  readonly authority: string
}

/** Members that share their data: what a Kubernetes API server keeps is in `kube`. */
export class EtcdCluster {
  readonly id: string
  /** As the flag of that name: `etcd-a=https://10.0.0.1:2380,…`. */
  readonly initialCluster: string
  /** Names of members that have data on their disks. */
  readonly bootstrapped = new Set<string>()
  readonly running = new Map<string, EtcdMember>()
  readonly kube = new KubeStore()

  constructor(id: string, initialCluster: string) {
    this.id = id
    this.initialCluster = initialCluster
  }

  get peers(): readonly { readonly name: string; readonly url: string }[] {
    return this.initialCluster.split(',').map((entry) => {
      const at = entry.indexOf('=')
      return { name: entry.slice(0, at), url: entry.slice(at + 1) }
    })
  }

  /** Whether a member is connected to a majority, itself included. */
  isHealthy(member: EtcdMember): boolean {
    const connected = [...this.running.values()].filter(
      (other) =>
        isSignedBy(other.certificate, member.authority) && isSignedBy(member.certificate, other.authority),
    )
    return connected.length > this.peers.length / 2
  }
}
