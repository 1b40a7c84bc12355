import type { ClusterConfig } from '../cluster-config.ts'
import { error, type Finding, warning, when } from './finding.ts'

const dnsPolicies = ['ClusterFirst', 'ClusterFirstWithHostNet', 'None', 'Default']
const networkModes = ['hostPort', 'hostNetwork', 'none']
const dnsProviders = ['coredns', 'kube-dns', 'none']

/** Ingress, DNS and how upgrades proceed. */
export function addonFindings(config: ClusterConfig): readonly Finding[] {
  return [...ingress(config), ...dns(config), ...upgrade(config)]
}

function ingress({ ingress: given }: ClusterConfig): readonly Finding[] {
  const { dnsPolicy = '', httpPort, httpsPort, networkMode, provider } = given
  const ports =
    networkMode === 'hostPort'
      ? ([
          ['httpPort', httpPort],
          ['httpsPort', httpsPort],
        ] as const)
      : []
  return [
    ...when(provider !== 'nginx' && provider !== 'none', () =>
      error(['ingress', 'provider'], 'must be nginx or none'),
    ),
    ...when(dnsPolicy !== '' && !dnsPolicies.includes(dnsPolicy), () =>
      error(['ingress', 'dnsPolicy'], `must be one of ${dnsPolicies.join(', ')}`),
    ),
    ...when(networkMode !== '' && !networkModes.includes(networkMode), () =>
      error(['ingress', 'networkMode'], `must be one of ${networkModes.join(', ')}`),
    ),
    ...ports.flatMap(([key, port]) =>
      when(port < 0 || port > 65535, () => error(['ingress', key], 'must be a port number up to 65535')),
    ),
    ...when(ports.length > 0 && httpPort === httpsPort, () =>
      error(['ingress', 'httpsPort'], 'must differ from http_port'),
    ),
  ]
}

function dns({ dns: { provider } }: ClusterConfig): readonly Finding[] {
  return when(!dnsProviders.includes(provider), () =>
    warning(['dns', 'provider'], `is none of ${dnsProviders.join(', ')}, so no DNS is deployed`),
  )
}

function upgrade({ upgradeStrategy }: ClusterConfig): readonly Finding[] {
  return (['maxUnavailableWorker', 'maxUnavailableControlplane'] as const).flatMap((key) =>
    when(!/^0*[1-9]\d*%?$/.test(upgradeStrategy[key]), () =>
      warning(
        ['upgradeStrategy', key],
        'must be a number above 0, or a percentage such as 10%; upgrades will fail',
      ),
    ),
  )
}
