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
import { chooseVariant, type Selection, type TemplateCatalog, unsupported } from './selected-manifest.ts'

/** There is one manifest of each for all versions that it is built in for. */
const KUBE_DNS_VARIANTS = { 'kubedns-v1.16': true } as const
const NODELOCAL_VARIANTS = { 'nodelocal-v1.21': true } as const

/** The DNS servers of the cluster; nothing for `none`, nor for a name that is no provider's, as in RKE. */
export function dnsManifest(config: AddonConfig, catalog: TemplateCatalog): Selection {
  const { provider } = config.dns
  const setting = (name: string): readonly AddonSetting[] => [
    autoscalerSetting(name, config.dns.linearAutoscalerParams),
  ]
  if (provider === 'kube-dns') {
    if (chooseVariant('kubeDNS', KUBE_DNS_VARIANTS, config, catalog) === undefined) return 'unknown'
    return {
      objects: kubeDnsManifest(config),
      warnings: [],
      differences: textDifferences('dns', config),
      settings: setting('kube-dns-autoscaler'),
    }
  }
  if (provider !== 'coredns') return undefined
  const chosen = chooseVariant('coreDNS', COREDNS_VARIANTS, config, catalog)
  if (chosen === undefined) return 'unknown'
  const { variant, warnings } = chosen
  return {
    objects: corednsManifest(config, variant),
    warnings: [...warnings, ...corefileWarnings(config.dns)],
    differences: [...corefileDifferences(config.dns), ...textDifferences('dns', config)],
    settings: setting('coredns-autoscaler'),
  }
}

/** The DNS cache on every node; nothing without an address. */
export function nodelocalDnsManifest(config: AddonConfig, catalog: TemplateCatalog): Selection {
  const address = config.dns.nodelocal?.ipAddress ?? ''
  if (address === '') return undefined
  if (chooseVariant('nodelocal', NODELOCAL_VARIANTS, config, catalog) === undefined) return 'unknown'
  const differences = textDifferences('nodelocal', config)
  return { objects: nodelocalManifest(config, address), warnings: [], differences }
}

/** metrics-server, for any provider but `none`. */
export function metricsManifest(config: AddonConfig, catalog: TemplateCatalog): Selection {
  if (config.monitoring.provider === 'none') return undefined
  const chosen = chooseVariant('metricsServer', METRICS_SERVER_VARIANTS, config, catalog)
  if (chosen === undefined) return 'unknown'
  const { variant, warnings } = chosen
  const differences = textDifferences('metrics', config)
  return { objects: metricsServerManifest(config, variant), warnings, differences }
}

/** The ingress controller; nothing for `none`. */
export function ingressControllerManifest(config: AddonConfig, catalog: TemplateCatalog): Selection {
  const { provider } = config.ingress
  if (provider === 'none') return undefined
  if (provider !== 'nginx') throw unsupported('ingress.provider', provider, ['nginx', 'none'])
  const chosen = chooseVariant('nginxIngress', INGRESS_VARIANTS, config, catalog)
  if (chosen === undefined) return 'unknown'
  const { variant, warnings } = chosen
  return {
    objects: ingressManifest(config, variant),
    warnings: [...warnings, ...ingressWarnings(config)],
    differences: textDifferences('ingress', config),
    deleteBefore: INGRESS_DELETED_BEFORE,
    deleteAfter: ingressDeletedAfter(config),
  }
}
