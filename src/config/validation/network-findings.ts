import { isAtLeast } from '../../catalog/version-order.ts'
import { inRange } from '../../catalog/version-range.ts'
import type { ClusterConfig } from '../cluster-config.ts'
import { cidrParts } from './cidr.ts'
import { error, type Finding, warning, when } from './finding.ts'

const plugins = ['none', 'flannel', 'calico', 'canal', 'weave', 'aci']

/** Versions whose ACI plugin knows dual stack. */
const aciDualStack =
  '>=1.23.16-rancher2-3 <1.24.0-rancher0 || >=1.24.13-rancher2-2 <1.25.0-rancher0 || >=1.25.9-rancher2-2'

/** The network plugin and what it can do at this version. */
export function networkFindings(config: ClusterConfig): readonly Finding[] {
  const { kubernetesVersion: version, network } = config
  const path = ['network', 'plugin']
  if (!plugins.includes(network.plugin)) return [error(path, `must be one of ${plugins.join(', ')}`)]
  return [
    ...when(network.plugin === 'flannel' && network.mtu !== 0, () =>
      error(['network', 'mtu'], 'cannot be set for flannel'),
    ),
    ...(network.plugin === 'weave' ? weave(version) : []),
    ...dualStack(config),
    ...namelessStrategies(config),
  ]
}

function weave(version: string): readonly Finding[] {
  const path = ['network', 'plugin']
  if (isAtLeast(version, '1.30.0-rancher0')) {
    return [error(path, 'weave does not exist for Kubernetes v1.30 and newer')]
  }
  return when(isAtLeast(version, '1.27.0-rancher0'), () =>
    warning(path, 'weave is deprecated, and gone from Kubernetes v1.30 on'),
  )
}

function dualStack({ kubernetesVersion, network, services }: ClusterConfig): readonly Finding[] {
  const ranges = [
    [services.kubeApi.serviceClusterIpRange, ['services', 'kubeApi', 'serviceClusterIpRange']],
    [services.kubeController.clusterCidr, ['services', 'kubeController', 'clusterCidr']],
  ] as const
  const able =
    network.plugin === 'calico' || (network.plugin === 'aci' && inRange(kubernetesVersion, aciDualStack))
  return ranges.flatMap(([range, path]) =>
    when(!able && cidrParts(range).length > 1, () =>
      error(path, `holds several ranges, which the network plugin ${network.plugin} cannot do; use calico`),
    ),
  )
}

function namelessStrategies(config: ClusterConfig): readonly Finding[] {
  return (['network', 'ingress', 'monitoring'] as const).flatMap((part) => {
    const strategy = config[part].updateStrategy
    return when(strategy?.strategy === undefined, () =>
      warning(
        [part, 'updateStrategy'],
        'has no `strategy`, so Kubernetes decides; write `strategy: RollingUpdate`',
      ),
    )
  })
}
