import type { ClusterInput } from '../cluster-config.ts'
import { own } from '../own.ts'
import { aciKeys, aciOption } from '../schema/aci/aci-keys.ts'
import { camelCase } from '../schema/network.ts'
import { networkOptions } from '../schema/network-options.ts'
import { daemonSetStrategy } from './update-strategy-defaults.ts'

type NetworkInput = NonNullable<ClusterInput['network']>
type Options = Readonly<Record<string, string>>

const defaultsOf = (plugin: string): Options =>
  Object.fromEntries(
    networkOptions
      .filter((option) => option.plugin === plugin && option.default !== undefined)
      .map((option) => [option.name, option.default ?? '']),
  )

/** Options a plugin has when nothing is given. */
const pluginOptions: Readonly<Record<string, Options>> = {
  flannel: defaultsOf('flannel'),
  calico: defaultsOf('calico'),
  canal: defaultsOf('canal'),
  aci: {
    ...Object.fromEntries(
      aciKeys
        .filter((key) => key.default !== undefined && !key.withBlockOnly)
        .map((key) => [aciOption(key.name), key.default ?? '']),
    ),
    // Two options that nothing reads, but that every ACI cluster's state has.
    AciContainersMemoryRequest: '128Mi',
    AciContainersMemoryLimit: '3Gi',
  },
}

/** Provider blocks are copied to the options whatever the plugin is; a given option always wins. */
export function defaultNetwork(given: NetworkInput): NetworkInput {
  const plugin = given.plugin || 'canal'
  const { calicoNetworkProvider: calico, aciNetworkProvider: aci } = given
  const network: NetworkInput = {
    ...given,
    plugin,
    ...(calico === undefined
      ? {}
      : { calicoNetworkProvider: { ...calico, cloudProvider: calico.cloudProvider || 'none' } }),
    ...(aci === undefined ? {} : { aciNetworkProvider: withAciDefaults(aci) }),
    updateStrategy: daemonSetStrategy(given.updateStrategy),
  }
  return {
    ...network,
    options: { ...own(pluginOptions, plugin), ...copiedOptions(network), ...given.options },
  }
}

function copiedOptions(network: NetworkInput): Record<string, string> {
  const { calicoNetworkProvider, canalNetworkProvider, flannelNetworkProvider, weaveNetworkProvider } =
    network
  return {
    ...(calicoNetworkProvider && { calico_cloud_provider: calicoNetworkProvider.cloudProvider ?? '' }),
    ...(canalNetworkProvider && { canal_iface: canalNetworkProvider.iface ?? '' }),
    ...(flannelNetworkProvider && { flannel_iface: flannelNetworkProvider.iface ?? '' }),
    ...(weaveNetworkProvider && { WeavePassword: weaveNetworkProvider.password ?? '' }),
    ...(network.aciNetworkProvider && aciOptions(network.aciNetworkProvider)),
  }
}

type AciInput = NonNullable<NetworkInput['aciNetworkProvider']>

function withAciDefaults(given: AciInput): AciInput {
  const defaults = aciKeys
    .filter((key) => key.default !== undefined && !given[camelCase(key.name)])
    .map((key) => [camelCase(key.name), key.default])
  return { ...given, ...Object.fromEntries(defaults) }
}

/** Every text of the block becomes an option, empty ones too. */
function aciOptions(block: AciInput): Record<string, string> {
  return Object.fromEntries(
    aciKeys
      .filter((key) => key.kind === undefined)
      .map((key) => {
        const value = block[camelCase(key.name)]
        return [aciOption(key.name), typeof value === 'string' ? value : '']
      }),
  )
}
