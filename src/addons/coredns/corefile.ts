import { type AddonConfig, only } from '../addon-config.ts'
import { corefileBlock as block } from '../corefile-block.ts'

type DnsSettings = Pick<AddonConfig['dns'], 'reversecidrs' | 'stubdomains' | 'upstreamnameservers'>

/**
 * CoreDNS's configuration: one server for the cluster's names and everything else, and one per stub domain.
 * CoreDNS reloads it by itself.
 *
 * @param clusterDomain e.g. `cluster.local`
 */
export function corefile(dns: DnsSettings, clusterDomain: string): string {
  const reverse = dns.reversecidrs.length > 0 ? dns.reversecidrs : REVERSE_ZONES
  const upstreams =
    dns.upstreamnameservers.length > 0 ? dns.upstreamnameservers.join(' ') : '"/etc/resolv.conf"'
  const cluster = block('.:53', [
    'errors',
    'health {\n  lameduck 5s\n}',
    'ready',
    block(`kubernetes ${[clusterDomain, ...reverse].join(' ')}`, [
      'pods insecure',
      `fallthrough ${REVERSE_ZONES.join(' ')}`,
    ]),
    'prometheus :9153',
    `forward . ${upstreams}`,
    'cache 30',
    'loop',
    'reload',
    'loadbalance',
  ])
  return [cluster, ...stubServers(dns.stubdomains)].map((server) => `${server}\n`).join('')
}

const REVERSE_ZONES = ['in-addr.arpa', 'ip6.arpa']

/** What in the settings will not do what its author expects. */
export function corefileWarnings(dns: DnsSettings): string[] {
  const loopback = dns.upstreamnameservers.filter((server) =>
    /^(127\.|\[?::1\]?(:|$)|localhost)/.test(server),
  )
  return loopback.map(
    (server) =>
      `dns.upstreamnameservers: ${server} means CoreDNS's own pod, not the node; queries would go in a circle`,
  )
}

/** What RKE's Corefile says otherwise. */
export function corefileDifferences({ reversecidrs, stubdomains }: DnsSettings): readonly string[] {
  return [
    ...only(reversecidrs.length > 0, [
      'CoreDNS answers for the reverse zones of dns.reversecidrs, which RKE writes so that it answers for none',
    ]),
    ...only(stubServers(stubdomains).length > 0, [
      'CoreDNS asks the servers of dns.stubdomains, which RKE leaves out',
    ]),
  ]
}

function stubServers(stubdomains: DnsSettings['stubdomains']): string[] {
  return Object.entries(stubdomains)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([domain, servers]) =>
      servers === null || servers.length === 0
        ? []
        : [block(`${domain}:53`, ['errors', 'cache 30', `forward . ${servers.join(' ')}`])],
    )
}
