import { isAtLeast } from '../../catalog/version-order.ts'
import { inRange } from '../../catalog/version-range.ts'
import type { ClusterConfig } from '../cluster-config.ts'
import { networkPlugins } from '../schema/network.ts'
import { networkOptions } from '../schema/network-options.ts'
import { cidrParts } from './cidr.ts'
import { error, type Finding, kubernetesVersion as versionPath, warning, when } from './finding.ts'
import { oneOfHint } from './text-findings.ts'

const path = ['network', 'plugin']

/** Versions whose ACI plugin knows dual stack. */
const aciDualStack =
  '>=1.23.16-rancher2-3 <1.24.0-rancher0 || >=1.24.13-rancher2-2 <1.25.0-rancher0 || >=1.25.9-rancher2-2'

/** The network plugin and what it can do at this version. */
export function networkFindings(config: ClusterConfig): readonly Finding[] {
  const { kubernetesVersion: version, network } = config
  const { mtu, plugin } = network
  if (!(networkPlugins as readonly string[]).includes(plugin)) {
    return [error(path, `must be one of ${networkPlugins.join(', ')}`, oneOfHint(plugin, networkPlugins))]
  }
  return [
    ...when(plugin === 'flannel' && mtu !== 0, () =>
      error(['network', 'mtu'], 'cannot be set for flannel', { others: [path] }),
    ),
    ...when(mtu < 0, () => warning(['network', 'mtu'], 'must not be negative')),
    ...(plugin === 'weave' ? weave(version) : []),
    ...dualStack(config),
    ...numbers(config),
    ...when(network.tolerations.length > 0 && (plugin === 'flannel' || plugin === 'weave'), () =>
      warning(['network', 'tolerations'], `have no effect with ${plugin}`, { others: [path] }),
    ),
  ]
}

function weave(version: string): readonly Finding[] {
  const others = [versionPath]
  if (isAtLeast(version, '1.30.0-rancher0')) {
    return [error(path, 'weave does not exist for Kubernetes v1.30 and newer', { hint: 'use canal', others })]
  }
  return when(isAtLeast(version, '1.27.0-rancher0'), () =>
    warning(path, 'weave is deprecated, and gone from Kubernetes v1.30 on', { from: others }),
  )
}

function dualStack({ kubernetesVersion, network, services }: ClusterConfig): readonly Finding[] {
  const ranges = [
    [services.kubeApi.serviceClusterIpRange, ['services', 'kubeApi', 'serviceClusterIpRange']],
    [services.kubeController.clusterCidr, ['services', 'kubeController', 'clusterCidr']],
  ] as const
  const able =
    network.plugin === 'calico' || (network.plugin === 'aci' && inRange(kubernetesVersion, aciDualStack))
  return ranges.flatMap(([range, at]) =>
    when(!able && cidrParts(range).length > 1, () =>
      error(at, `holds several ranges, which the network plugin ${network.plugin} cannot do`, {
        hint: 'use calico',
        others: [path],
        from: [versionPath],
      }),
    ),
  )
}

/** RKE goes on without a network where these are no numbers. */
function numbers({ network }: ClusterConfig): readonly Finding[] {
  return networkOptions
    .filter(({ number, plugin }) => number && plugin === network.plugin)
    .flatMap(({ name }) =>
      when(!/^([-+]?\d+)?$/.test(network.options[name] ?? ''), () =>
        warning(['network', 'options', name], 'must be a whole number, or the network is not deployed'),
      ),
    )
}
