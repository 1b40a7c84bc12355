import { isAtLeast } from '../../../catalog/version-order.ts'
import { inRange } from '../../../catalog/version-range.ts'
import type { ClusterConfig, ClusterInput } from '../../cluster-config.ts'
import { aciKeys, aciOption } from '../../schema/aci/aci-keys.ts'
import { deployedPlugins, networkPlugins } from '../../schema/network.ts'
import { networkOptions } from '../../schema/network-options.ts'
import { nearestKey } from '../../yaml/decode/nearest-key.ts'
import {
  buildError,
  error,
  type Finding,
  kubernetesVersion as versionPath,
  warning,
  when,
} from '../finding.ts'
import { isWholeNumber } from '../syntax.ts'
import { oneOfHint } from '../text-findings.ts'
import { cidrParts } from './cidr.ts'

const path = ['network', 'plugin']

/** Versions whose ACI plugin knows dual stack. */
const aciDualStack =
  '>=1.23.16-rancher2-3 <1.24.0-rancher0 || >=1.24.13-rancher2-2 <1.25.0-rancher0 || >=1.25.9-rancher2-2'

/** The network plugin and what it can do at this version. */
export function networkFindings(config: ClusterConfig, written: ClusterInput): readonly Finding[] {
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
    ...unsupported(plugin),
    ...dualStack(config),
    ...numbers(config),
    ...options(config, written),
    ...when(network.tolerations.length > 0 && (plugin === 'flannel' || plugin === 'weave'), () =>
      warning(['network', 'tolerations'], `have no effect with ${plugin}`, { others: [path] }),
    ),
  ]
}

function weave(version: string): readonly Finding[] {
  const others = [versionPath]
  return when(isAtLeast(version, '1.30.0-rancher0'), () =>
    error(path, 'weave does not exist for Kubernetes v1.30 and newer', { hint: 'use canal', others }),
  )
}

/** A new cluster can have another plugin; one that runs with it is not touched. */
const unsupported = (plugin: string): readonly Finding[] =>
  when(!(deployedPlugins as readonly string[]).includes(plugin), () =>
    buildError(path, `${plugin} is not supported yet`, `use one of ${deployedPlugins.join(', ')}`),
  )

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

/** No manifest of the plugin can be made where these are no numbers. */
function numbers({ network }: ClusterConfig): readonly Finding[] {
  return networkOptions
    .filter(({ number, plugin }) => number && plugin === network.plugin)
    .flatMap(({ name }) => {
      const text = network.options[name] ?? ''
      return when(text !== '' && !isWholeNumber(text), () =>
        buildError(['network', 'options', name], 'must be a whole number'),
      )
    })
}

/** Options that the plugin does not have. What is filled in is not looked at. */
function options({ network: { plugin } }: ClusterConfig, { network }: ClusterInput): readonly Finding[] {
  const own = [
    ...networkOptions.filter((option) => option.plugin === plugin).map(({ name }) => name),
    ...(plugin === 'aci' ? aciKeys.map(({ name }) => aciOption(name)) : []),
  ]
  const unknown = Object.keys(network?.options ?? {}).filter((name) => !own.includes(name))
  return unknown.map((name) => {
    const other = networkOptions.find((option) => option.name === name)
    const near = nearestKey(name, own)
    return other === undefined
      ? warning(
          ['network', 'options', name],
          'is not a known option and has no effect',
          near === undefined ? 'remove it' : `did you mean \`${near}\`?`,
        )
      : warning(
          ['network', 'options', name],
          `belongs to ${other.plugin}, and has no effect with ${plugin}`,
          {
            hint: 'remove it',
            others: [path],
          },
        )
  })
}
