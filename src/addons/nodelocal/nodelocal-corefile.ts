import { corefileBlock as block } from '../corefile-block.ts'

interface Addresses {
  /** The cache's own address on every node. */
  readonly address: string
  /** The cluster DNS Service, whose address the cache also answers at. */
  readonly clusterDnsServer: string
  readonly clusterDomain: string
}

/**
 * The cache's configuration: one server each for the cluster's names, both reverse zones and the rest. The
 * cache itself puts the servers' addresses in place of the `__PILLAR__` words.
 */
export function nodelocalCorefile({ address, clusterDnsServer, clusterDomain }: Addresses): string {
  const server = (zone: string, cache: string, forward: string, more: readonly string[] = []) =>
    block(`${zone}:53`, [
      'errors',
      cache,
      'reload',
      'loop',
      `bind ${address} ${clusterDnsServer}`,
      forward,
      'prometheus :9253',
      ...more,
    ])
  const longCache = block('cache', ['success 9984 30', 'denial 9984 5'])
  const toCluster = block('forward . __PILLAR__CLUSTER__DNS__', ['force_tcp'])
  const servers = [
    server(clusterDomain, longCache, toCluster, [`health ${address}:8080`]),
    server('in-addr.arpa', 'cache 30', toCluster),
    server('ip6.arpa', 'cache 30', toCluster),
    server('.', 'cache 30', 'forward . __PILLAR__UPSTREAM__SERVERS__'),
  ]
  return servers.map((text) => `${text}\n`).join('')
}
