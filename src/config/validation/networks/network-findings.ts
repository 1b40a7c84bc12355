import type { Catalog } from '../../../catalog/catalog.ts'
import { IMPORT_HINT } from '../../../catalog/import-hint.ts'
import { has } from '../../../catalog/version-features.ts'
import type { ClusterConfig, ClusterInput } from '../../cluster-config.ts'
import type { NetworkPlugin } from '../../network-plugins/network-plugin.ts'
import { networkPlugin, networkPluginNames, networkPlugins } from '../../network-plugins/network-plugins.ts'
import { nearestKey } from '../../yaml/decode/nearest-key.ts'
import {
  buildError,
  buildWarning,
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

/** The network plugin and what it can do at this version. */
export function networkFindings(
  config: ClusterConfig,
  written: ClusterInput,
  catalog: Catalog,
): readonly Finding[] {
  const { mtu, plugin: name, tolerations } = config.network
  const plugin = networkPlugin(name)
  if (plugin === undefined) {
    return [
      error(path, `must be one of ${networkPluginNames.join(', ')}`, oneOfHint(name, networkPluginNames)),
    ]
  }
  return [
    ...when(!plugin.takesMtu && mtu !== 0, () =>
      error(['network', 'mtu'], `cannot be set for ${name}`, { others: [path] }),
    ),
    ...when(mtu < 0, () => warning(['network', 'mtu'], 'must not be negative')),
    ...(plugin.findings?.(config) ?? []),
    ...when(
      !plugin.canInstall && catalog.addonTemplateText(name, config.kubernetesVersion) === undefined,
      () =>
        buildWarning(
          path,
          `the manifest of ${name} is not built in: what a cluster has of it is left as it is, and a new one is refused`,
          {
            hint: IMPORT_HINT,
            others: [versionPath],
          },
        ),
    ),
    ...dualStack(plugin, config),
    ...numbers(plugin, config),
    ...options(plugin, written),
    ...when(!plugin.takesTolerations && tolerations.length > 0, () =>
      warning(['network', 'tolerations'], `have no effect with ${name}`, { others: [path] }),
    ),
  ]
}

function dualStack(plugin: NetworkPlugin, config: ClusterConfig): readonly Finding[] {
  const { kubernetesVersion, services } = config
  const canUseCalico = has(kubernetesVersion, 'calicoDualStack')
  const ranges = [
    [services.kubeApi.serviceClusterIpRange, ['services', 'kubeApi', 'serviceClusterIpRange']],
    [services.kubeController.clusterCidr, ['services', 'kubeController', 'clusterCidr']],
  ] as const
  return ranges.flatMap(([range, at]) =>
    when(!plugin.isDualStack(kubernetesVersion) && cidrParts(range).length > 1, () =>
      error(at, `has several ranges, which the network plugin ${plugin.name} does not support`, {
        hint: canUseCalico ? 'use calico' : 'leave one range; calico takes several from Kubernetes v1.21 on',
        others: [path],
        from: [versionPath],
      }),
    ),
  )
}

/** No manifest of the plugin can be made where these are no numbers. */
function numbers({ options: known }: NetworkPlugin, { network }: ClusterConfig): readonly Finding[] {
  return known
    .filter(({ number }) => number)
    .flatMap(({ name }) => {
      const text = network.options[name] ?? ''
      return when(text !== '' && !isWholeNumber(text), () =>
        buildError(['network', 'options', name], 'must be a whole number'),
      )
    })
}

/** Options that the plugin does not have. Defaults are not checked. */
function options(plugin: NetworkPlugin, { network }: ClusterInput): readonly Finding[] {
  const own = [...plugin.options.map(({ name }) => name), ...(plugin.blockOptions ?? [])]
  const unknown = Object.keys(network?.options ?? {}).filter((name) => !own.includes(name))
  return unknown.map((name) => {
    const other = networkPlugins.find((one) => one.options.some((option) => option.name === name))
    const near = nearestKey(name, own)
    return other === undefined
      ? warning(
          ['network', 'options', name],
          'is not a known option and has no effect',
          near === undefined ? 'remove it' : `did you mean \`${near}\`?`,
        )
      : warning(
          ['network', 'options', name],
          `belongs to ${other.name}, and has no effect with ${plugin.name}`,
          {
            hint: 'remove it',
            others: [path],
          },
        )
  })
}
