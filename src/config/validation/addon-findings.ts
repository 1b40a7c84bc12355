import { isIP } from 'node:net'
import type { ClusterConfig } from '../cluster-config.ts'
import { usableText } from '../manifests/documents.ts'
import { isPort } from '../port.ts'
import { dnsPolicies, dnsProviders, ingressNetworkModes, ingressProviders } from '../schema/addons.ts'
import { upgradeLimit } from '../upgrade-limit.ts'
import { buildError, error, type Finding, warning, when } from './finding.ts'
import { oneOfHint } from './text-findings.ts'

/** The user's own manifests, ingress, DNS, metrics and how upgrades proceed. */
export function addonFindings(config: ClusterConfig): readonly Finding[] {
  return [
    ...manifests(config),
    ...ingress(config),
    ...dns(config),
    ...strategies(config),
    ...upgrade(config),
    ...numbers(config),
  ]
}

/** RKE stores any text, and warns when the cluster refuses it. */
function manifests({ addons = '' }: ClusterConfig): readonly Finding[] {
  return usableText(addons).problems.map((problem) =>
    warning(
      ['addons'],
      `${problem}; it is left out; its existing objects in the cluster stay unchanged`,
      'correct the text; `kubectl apply --dry-run=client -f` checks it too',
    ),
  )
}

function ingress({ ingress: given }: ClusterConfig): readonly Finding[] {
  const { dnsPolicy = '', httpPort, httpsPort, networkMode, provider } = given
  const choices = [
    ['provider', provider, ingressProviders],
    ['dnsPolicy', dnsPolicy, ['', ...dnsPolicies]],
    ['networkMode', networkMode, ['', ...ingressNetworkModes]],
  ] as const
  const ports =
    networkMode === 'hostPort'
      ? ([
          ['httpPort', httpPort],
          ['httpsPort', httpsPort],
        ] as const)
      : []
  return [
    ...choices.flatMap(([key, value, values]) =>
      when(!(values as readonly string[]).includes(value), () => {
        const known = values.filter((each) => each !== '')
        const list = known.length === 2 ? known.join(' or ') : `one of ${known.join(', ')}`
        return error(['ingress', key], `must be ${list}`, oneOfHint(value, known))
      }),
    ),
    ...ports.flatMap(([key, port]) =>
      when(port < 0 || port > 65535, () => error(['ingress', key], 'must be a port number up to 65535')),
    ),
    ...ingressFlags(given),
    ...when(ports.length > 0 && httpPort === httpsPort, () =>
      error(['ingress', 'httpsPort'], 'must differ from http_port', { others: [['ingress', 'httpPort']] }),
    ),
  ]
}

/** Flags that become ports of the controller's pods, which Kubernetes refuses unless they are ports. */
function ingressFlags({ extraArgs, networkMode, provider }: ClusterConfig['ingress']): readonly Finding[] {
  if (provider !== 'nginx' || networkMode === 'hostNetwork') return []
  return ['http-port', 'https-port'].flatMap((flag) => {
    const text = extraArgs[flag] ?? ''
    return when(text !== '' && !isPort(text), () =>
      error(['ingress', 'extraArgs', flag], 'must be a port number', 'write a number from 1 to 65535'),
    )
  })
}

function dns({ dns: { nodelocal, provider } }: ClusterConfig): readonly Finding[] {
  const address = nodelocal?.ipAddress ?? ''
  return [
    ...when(!(dnsProviders as readonly string[]).includes(provider), () =>
      warning(
        ['dns', 'provider'],
        `is not one of ${dnsProviders.join(', ')}, so no DNS is deployed`,
        oneOfHint(provider, dnsProviders),
      ),
    ),
    ...when(address !== '' && isIP(address) === 0, () =>
      warning(['dns', 'nodelocal', 'ipAddress'], 'is not an IP address', 'write one such as 169.254.20.10'),
    ),
  ]
}

function strategies(config: ClusterConfig): readonly Finding[] {
  return (['network', 'ingress', 'monitoring'] as const).flatMap((part) => {
    const strategy = config[part].updateStrategy
    return when(strategy?.strategy === undefined, () =>
      warning(
        [part, 'updateStrategy'],
        'has no `strategy`, so the default of Kubernetes applies',
        'write `strategy: RollingUpdate`',
      ),
    )
  })
}

function upgrade({ upgradeStrategy }: ClusterConfig): readonly Finding[] {
  const limits = (['maxUnavailableWorker', 'maxUnavailableControlplane'] as const).flatMap((key) =>
    when(upgradeLimit(upgradeStrategy[key]) === undefined, () =>
      buildError(
        ['upgradeStrategy', key],
        `"${upgradeStrategy[key]}" is not a number of nodes`,
        'write a number above 0, or a percentage such as 10%',
      ),
    ),
  )
  const seconds = upgradeStrategy.nodeDrainInput?.timeout ?? 0
  return [
    ...limits,
    ...when(seconds < 0, () =>
      warning(
        ['upgradeStrategy', 'nodeDrainInput', 'timeout'],
        'must not be negative: draining fails immediately',
        'write a number of seconds, or 0 for no limit',
      ),
    ),
  ]
}

function numbers({ addonJobTimeout, monitoring }: ClusterConfig): readonly Finding[] {
  return [
    ...when(addonJobTimeout < 0, () => warning(['addonJobTimeout'], 'must not be negative')),
    ...when(monitoring.provider !== 'none' && monitoring.replicas < 0, () =>
      error(['monitoring', 'replicas'], 'must not be negative'),
    ),
  ]
}
