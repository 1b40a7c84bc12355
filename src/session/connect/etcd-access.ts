import type { ClusterNode } from '../../config/cluster-config.ts'
import { RkeError } from '../../errors.ts'
import { EtcdClient } from '../../etcd/client.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { Secret } from '../../secret.ts'
import type { Time } from '../../time.ts'

export interface EtcdAccess {
  /** The member of a node, asked through that node. */
  readonly at: (address: string) => EtcdApi
  close(): Promise<void>
}

/** Clients of etcd members, made when they are first asked for. */
export function etcdAccess(
  configured: readonly ClusterNode[],
  nodes: ReadonlyMap<string, Node>,
  bundle: CertificatesBundle,
  time?: Time,
): EtcdAccess {
  const clients = new Map<string, EtcdApi>()
  const identity = bundle['kube-node']
  const open = (address: string): EtcdApi => {
    const dialer = nodes.get(address)
    const node = configured.find((candidate) => candidate.address === address)
    if (dialer === undefined || node === undefined) {
      throw new RkeError('etcd cannot be queried: the node is not connected', { host: address })
    }
    return new EtcdClient({
      dialer,
      address,
      host: node.internalAddress,
      ca: bundle['kube-ca']?.certificatePEM ?? '',
      cert: identity?.certificatePEM ?? '',
      key: new Secret(identity?.keyPEM ?? ''),
      time,
    })
  }
  return {
    at: (address) => {
      const client = clients.get(address) ?? open(address)
      clients.set(address, client)
      return client
    },
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()))
    },
  }
}
