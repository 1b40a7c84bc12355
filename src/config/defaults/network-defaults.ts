import type { NetworkInput, NetworkPlugin } from '../network-plugins/network-plugin.ts'
import { networkPlugin, networkPlugins } from '../network-plugins/network-plugins.ts'
import { daemonSetStrategy } from './update-strategy-defaults.ts'

type Options = Readonly<Record<string, string>>

/** Provider blocks are copied to the options whatever the plugin is; a given option always wins. */
export function defaultNetwork(given: NetworkInput): NetworkInput {
  const plugin = given.plugin || 'canal'
  const network = networkPlugins.reduce<NetworkInput>(
    (completed, { completeBlock }) => completeBlock?.(completed) ?? completed,
    { ...given, plugin, updateStrategy: daemonSetStrategy(given.updateStrategy) },
  )
  const copied = networkPlugins.map(({ optionsOfBlock }) => optionsOfBlock?.(network) ?? {})
  return {
    ...network,
    options: Object.assign({}, defaultOptions(networkPlugin(plugin)), ...copied, given.options),
  }
}

/** The options that a plugin has when nothing is given. */
function defaultOptions(plugin: NetworkPlugin | undefined): Options {
  const options = plugin?.options ?? []
  const defaults = options.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]]))
  return { ...Object.fromEntries(defaults), ...plugin?.filledIn }
}
