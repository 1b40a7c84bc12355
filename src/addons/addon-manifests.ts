import type { AddonConfig } from './addon-config.ts'
import type { AddonSetting } from './addon-setting.ts'
import { textDifferences } from './compare/text-differences.ts'
import { autoscalerSetting } from './coredns/autoscaler-params.ts'
import { corednsManifest } from './coredns/coredns-manifest.ts'
import { COREDNS_VARIANTS } from './coredns/coredns-variants.ts'
import { corefileDifferences, corefileWarnings } from './coredns/corefile.ts'
import {
  INGRESS_DELETED_BEFORE,
  ingressDeletedAfter,
  ingressManifest,
  ingressWarnings,
} from './ingress-nginx/ingress-manifest.ts'
import { INGRESS_VARIANTS } from './ingress-nginx/ingress-variants.ts'
import { kubeDnsManifest } from './kube-dns/kube-dns-manifest.ts'
import { metricsServerManifest } from './metrics-server/metrics-server-manifest.ts'
import { METRICS_SERVER_VARIANTS } from './metrics-server/metrics-server-variants.ts'
import { nodelocalManifest } from './nodelocal/nodelocal-manifest.ts'
import {
  chooseVariant,
  type SelectedManifest,
  type TemplateCatalog,
  unsupported,
} from './selected-manifest.ts'

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
