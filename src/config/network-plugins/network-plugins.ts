import { own } from '../own.ts'
import { aci } from './aci.ts'
import { calico } from './calico.ts'
import { canal } from './canal.ts'
import { flannel } from './flannel.ts'
import type { NetworkPlugin } from './network-plugin.ts'
import { none } from './none.ts'
import { weave } from './weave.ts'

const PLUGINS = [none, flannel, calico, canal, weave, aci] as const

/** Every value that `network.plugin` may have, in the order in which they are listed. */
export const networkPlugins: readonly NetworkPlugin[] = PLUGINS

/** The plugins that are installed from a manifest of this program. */
export type InstalledPlugin = Exclude<Extract<(typeof PLUGINS)[number], { canInstall: true }>['name'], 'none'>

export const networkPluginNames: readonly string[] = PLUGINS.map(({ name }) => name)

/** Those that a new cluster can have, by name. */
export const supportedPluginNames: readonly string[] = networkPlugins
  .filter(({ canInstall }) => canInstall)
  .map(({ name }) => name)
  .sort()

const byName = Object.fromEntries(networkPlugins.map((plugin) => [plugin.name, plugin]))

/** The plugin of a name from a cluster file; `undefined` if there is none of that name. */
export const networkPlugin = (name: string): NetworkPlugin | undefined => own(byName, name)
