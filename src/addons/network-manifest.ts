import {
  type InstalledPlugin,
  networkPlugin,
  supportedPluginNames,
} from '../config/network-plugins/network-plugins.ts'
import { own } from '../config/own.ts'
import type { AddonConfig } from './addon-config.ts'
import { calicoManifest, calicoWarnings } from './calico/calico-manifest.ts'
import { CALICO_VARIANTS, CANAL_VARIANTS } from './calico/calico-variants.ts'
import { canalManifest, canalWarnings } from './canal/canal-manifest.ts'
import { textDifferences } from './compare/text-differences.ts'
import { flannelManifest, flannelWarnings } from './flannel/flannel-manifest.ts'
import { FLANNEL_VARIANTS } from './flannel/flannel-variants.ts'
import type { Manifest } from './objects/manifest-object.ts'
import { chooseVariant, type Selection, type TemplateCatalog, unsupported } from './selected-manifest.ts'
import { WEAVE_VARIANTS, weaveManifest, weaveWarnings } from './weave/weave-manifest.ts'

type Select = (config: AddonConfig, catalog: TemplateCatalog) => Selection

/** What each plugin is installed from, for the plugins of `src/config/network-plugins` that can be. */
const MANIFESTS: Readonly<Record<InstalledPlugin, Select>> = {
  flannel: selection('flannel', FLANNEL_VARIANTS, flannelManifest, flannelWarnings),
  canal: selection('canal', CANAL_VARIANTS, canalManifest, canalWarnings),
  calico: selection('calico', CALICO_VARIANTS, calicoManifest, calicoWarnings),
  weave: selection('weave', WEAVE_VARIANTS, weaveManifest, weaveWarnings),
}

/**
 * The network plugin; nothing for `none`. That of Cisco ACI is never built in.
 * @throws ConfigError for one that is not known
 */
export function networkManifest(config: AddonConfig, catalog: TemplateCatalog): Selection {
  const { plugin } = config.network
  if (plugin === 'none') return undefined
  const select = own<Select>(MANIFESTS, plugin)
  if (select !== undefined) return select(config, catalog)
  if (networkPlugin(plugin) !== undefined) return 'unknown'
  throw unsupported('network.plugin', plugin, supportedPluginNames)
}

function selection<V>(
  plugin: string,
  variants: Readonly<Record<string, V>>,
  manifest: (config: AddonConfig, variant: V) => Manifest,
  warningsOf: (config: AddonConfig, variant: V) => readonly string[],
): Select {
  return (config, catalog) => {
    const chosen = chooseVariant(plugin, variants, config, catalog)
    if (chosen === undefined) return 'unknown'
    const { variant, warnings } = chosen
    return {
      objects: manifest(config, variant),
      warnings: [...warnings, ...warningsOf(config, variant)],
      differences: textDifferences('network', config),
    }
  }
}
