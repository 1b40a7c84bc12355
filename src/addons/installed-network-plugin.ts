import { networkPlugins } from '../config/network-plugins/network-plugins.ts'

const PLUGIN_OF_DAEMON_SET: ReadonlyMap<string, string> = new Map(
  networkPlugins.flatMap(({ daemonSet, name }) => (daemonSet === undefined ? [] : [[daemonSet, name]])),
)

const DAEMON_SET = /^["']?kind["']?: *["']?DaemonSet\b/m
/** The first such name of a DaemonSet is its own; containers of canal are called like other plugins. */
const NAME = new RegExp(
  `\\bname["']?: *["']?(${[...PLUGIN_OF_DAEMON_SET.keys()].join('|')})["']?(?=[\\s,}]|$)`,
)

/**
 * Which network plugin a stored network manifest installs; `undefined` if it cannot be known. Two plugins
 * fight over the nodes, and a manifest's objects stay when another is applied, so a change of plugin is
 * not a thing to do by the way. The text is searched, not parsed: what RKE stored counts, readable or not.
 */
export function installedNetworkPlugin(manifest: string): string | undefined {
  return manifest
    .split(/^---/m)
    .filter((document) => DAEMON_SET.test(document))
    .map((document) => PLUGIN_OF_DAEMON_SET.get(NAME.exec(document)?.[1] ?? ''))
    .find((plugin) => plugin !== undefined)
}
