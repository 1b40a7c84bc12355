import type { Catalog } from '../../catalog/catalog.ts'
import { deployedPlugins } from '../../config/schema/network.ts'
import { ConfigError } from '../../errors.ts'
import type { AddonConfig } from '../addon-config.ts'
import type { AddonSetting } from '../addon-setting.ts'
import { calicoManifest, calicoWarnings } from '../calico/calico-manifest.ts'
import { CALICO_VARIANTS, CANAL_VARIANTS } from '../calico/calico-variants.ts'
import { canalManifest, canalWarnings } from '../canal/canal-manifest.ts'
import { textDifferences } from '../compare/text-differences.ts'
import { autoscalerSetting } from '../coredns/autoscaler-params.ts'
import { corednsManifest } from '../coredns/coredns-manifest.ts'
import { COREDNS_VARIANTS } from '../coredns/coredns-variants.ts'
import { corefileDifferences, corefileWarnings } from '../coredns/corefile.ts'
import { flannelManifest, flannelWarnings } from '../flannel/flannel-manifest.ts'
import { FLANNEL_VARIANTS } from '../flannel/flannel-variants.ts'
import {
  INGRESS_DELETED_BEFORE,
  ingressDeletedAfter,
  ingressManifest,
  ingressWarnings,
} from '../ingress-nginx/ingress-manifest.ts'
import { INGRESS_VARIANTS } from '../ingress-nginx/ingress-variants.ts'
import { kubeDnsManifest } from '../kube-dns/kube-dns-manifest.ts'
import { metricsServerManifest } from '../metrics-server/metrics-server-manifest.ts'
import { METRICS_SERVER_VARIANTS } from '../metrics-server/metrics-server-variants.ts'
import { nodelocalManifest } from '../nodelocal/nodelocal-manifest.ts'
import type { KubeObject, Manifest } from './kube-object.ts'

/** Tells which manifest goes with a Kubernetes version. */
export type TemplateCatalog = Pick<Catalog, 'addonTemplate'>

export interface SelectedManifest {
  readonly objects: Manifest
  readonly warnings: readonly string[]
  /** What RKE's manifest says otherwise, deliberately. */
  readonly differences?: readonly string[]
  /** Objects to delete, and to see gone, right before the manifest is applied. */
  readonly deleteBefore?: readonly KubeObject[]
  /** Objects to delete once it is applied. */
  readonly deleteAfter?: readonly KubeObject[]
  readonly settings?: readonly AddonSetting[]
}

/** The network plugin; nothing for `none`. */
export function networkManifest(config: AddonConfig, catalog: TemplateCatalog): SelectedManifest | undefined {
  const { plugin } = config.network
  const selected = <V>(
    variants: Readonly<Record<string, V>>,
    manifest: (config: AddonConfig, variant: V) => Manifest,
    own: (config: AddonConfig, variant: V) => readonly string[],
  ): SelectedManifest => {
    const { variant, warnings } = chooseVariant(plugin, variants, config, catalog)
    const differences = textDifferences('network', config)
    return {
      objects: manifest(config, variant),
      warnings: [...warnings, ...own(config, variant)],
      differences,
    }
  }
  if (plugin === 'none') return undefined
  if (plugin === 'flannel') return selected(FLANNEL_VARIANTS, flannelManifest, flannelWarnings)
  if (plugin === 'canal') return selected(CANAL_VARIANTS, canalManifest, canalWarnings)
  if (plugin === 'calico') return selected(CALICO_VARIANTS, calicoManifest, calicoWarnings)
  throw unsupported('network.plugin', plugin, deployedPlugins)
}

/** The DNS servers of the cluster; nothing for `none`, nor for a name that is no provider's, as in RKE. */
export function dnsManifest(config: AddonConfig, catalog: TemplateCatalog): SelectedManifest | undefined {
  const { provider } = config.dns
  const setting = (name: string): readonly AddonSetting[] => [
    autoscalerSetting(name, config.dns.linearAutoscalerParams),
  ]
  if (provider === 'kube-dns') {
    return {
      objects: kubeDnsManifest(config),
      warnings: [],
      differences: textDifferences('dns', config),
      settings: setting('kube-dns-autoscaler'),
    }
  }
  if (provider !== 'coredns') return undefined
  const { variant, warnings } = chooseVariant('coreDNS', COREDNS_VARIANTS, config, catalog)
  return {
    objects: corednsManifest(config, variant),
    warnings: [...warnings, ...corefileWarnings(config.dns)],
    differences: [...corefileDifferences(config.dns), ...textDifferences('dns', config)],
    settings: setting('coredns-autoscaler'),
  }
}

/** The DNS cache on every node; nothing without an address. */
export function nodelocalDnsManifest(config: AddonConfig): SelectedManifest | undefined {
  const address = config.dns.nodelocal?.ipAddress ?? ''
  if (address === '') return undefined
  const differences = textDifferences('nodelocal', config)
  return { objects: nodelocalManifest(config, address), warnings: [], differences }
}

/** metrics-server, for any provider but `none`. */
export function metricsManifest(config: AddonConfig, catalog: TemplateCatalog): SelectedManifest | undefined {
  if (config.monitoring.provider === 'none') return undefined
  const { variant, warnings } = chooseVariant('metricsServer', METRICS_SERVER_VARIANTS, config, catalog)
  const differences = textDifferences('metrics', config)
  return { objects: metricsServerManifest(config, variant), warnings, differences }
}

/** The ingress controller; nothing for `none`. */
export function ingressControllerManifest(
  config: AddonConfig,
  catalog: TemplateCatalog,
): SelectedManifest | undefined {
  const { provider } = config.ingress
  if (provider === 'none') return undefined
  if (provider !== 'nginx') throw unsupported('ingress.provider', provider, ['nginx', 'none'])
  const { variant, warnings } = chooseVariant('nginxIngress', INGRESS_VARIANTS, config, catalog)
  return {
    objects: ingressManifest(config, variant),
    warnings: [...warnings, ...ingressWarnings(config)],
    differences: textDifferences('ingress', config),
    deleteBefore: INGRESS_DELETED_BEFORE,
    deleteAfter: ingressDeletedAfter(config),
  }
}

function unsupported(key: string, value: string, supported: readonly string[]): ConfigError {
  return new ConfigError(`${key}: ${value} is not supported yet`, {
    hint: `supported now: ${supported.join(', ')}`,
  })
}

/** The variant for the version; metadata newer than this program gets the newest one, and a warning. */
function chooseVariant<V>(
  addon: string,
  variants: Readonly<Record<string, V>>,
  config: AddonConfig,
  catalog: TemplateCatalog,
): { variant: V; warnings: readonly string[] } {
  const id = catalog.addonTemplate(addon, config.kubernetesVersion)
  const known = variants[id]
  if (known !== undefined) return { variant: known, warnings: [] }
  const newest = Object.entries(variants).at(-1)
  if (newest === undefined) throw unsupported(`manifest of ${addon}`, id, [])
  return {
    variant: newest[1],
    warnings: [`${addon}: manifest ${id} is not known to this program, ${newest[0]} is used instead`],
  }
}
