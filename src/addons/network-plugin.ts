import { parseManifest } from './manifest.ts'

const PLUGIN_OF_DAEMON_SET: Readonly<Record<string, string>> = {
  'aci-containers-host': 'aci',
  'calico-node': 'calico',
  canal: 'canal',
  'kube-flannel': 'flannel',
  'weave-net': 'weave',
}

/**
 * Which network plugin a stored network manifest installs; `undefined` if it cannot be told. Two plugins
 * fight over the nodes, and a manifest's objects stay when another is applied, so a change of plugin is
 * not a thing to do by the way.
 */
export function networkPluginOf(manifest: string): string | undefined {
  try {
    return parseManifest(manifest)
      .filter(({ kind }) => kind === 'DaemonSet')
      .map(({ metadata }) => PLUGIN_OF_DAEMON_SET[metadata.name])
      .find((plugin) => plugin !== undefined)
  } catch {
    return undefined
  }
}
