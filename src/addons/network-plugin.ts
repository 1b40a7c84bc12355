const PLUGIN_OF_DAEMON_SET: Readonly<Record<string, string>> = {
  'aci-containers-host': 'aci',
  'calico-node': 'calico',
  canal: 'canal',
  'kube-flannel': 'flannel',
  'weave-net': 'weave',
}

const DAEMON_SET = /^["']?kind["']?: *["']?DaemonSet\b/m
/** The first such name of a DaemonSet is its own; containers of canal are called like other plugins. */
const NAME = new RegExp(
  `\\bname["']?: *["']?(${Object.keys(PLUGIN_OF_DAEMON_SET).join('|')})["']?(?=[\\s,}]|$)`,
)

/**
 * Which network plugin a stored network manifest installs; `undefined` if it cannot be known. Two plugins
 * fight over the nodes, and a manifest's objects stay when another is applied, so a change of plugin is
 * not a thing to do by the way. The text is searched, not parsed: what RKE stored counts, readable or not.
 */
export function networkPluginOf(manifest: string): string | undefined {
  return manifest
    .split(/^---/m)
    .filter((document) => DAEMON_SET.test(document))
    .map((document) => PLUGIN_OF_DAEMON_SET[NAME.exec(document)?.[1] ?? ''])
    .find((plugin) => plugin !== undefined)
}
