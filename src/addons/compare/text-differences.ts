import type { AddonConfig } from '../addon-config.ts'
import { asKey, betweenQuotes, type PastedText, withoutQuotes } from '../pasted-text.ts'

type Texts = Readonly<Record<string, PastedText>>

/** Which texts of a user are texts in our manifest, and something else, or an error, in RKE's. For a plan. */
export function textDifferences(addon: keyof typeof TEXTS, config: AddonConfig): readonly string[] {
  return Object.entries(TEXTS[addon](config)).flatMap(([key, { isText }]) =>
    isText ? [] : [`${key} is written as text, of which YAML makes something else in RKE's manifest`],
  )
}

const TEXTS = {
  network: ({ network }: AddonConfig) => priorities('network.options', network.options),
  dns: ({ dns }: AddonConfig) => priorities('dns.options', dns.options),
  nodelocal: ({ dns }: AddonConfig) =>
    plain({
      'dns.nodelocal.node_local_dns_priority_class_name': dns.nodelocal?.nodeLocalDnsPriorityClassName,
    }),
  metrics: ({ monitoring }: AddonConfig) => ({
    ...flags('monitoring.options', monitoring.options),
    ...plain({ 'monitoring.metrics_server_priority_class_name': monitoring.metricsServerPriorityClassName }),
  }),
  ingress: ({ ingress }: AddonConfig) => ({
    ...mapped(Object.entries(ingress.options), ([key, text]) => [
      `ingress.options.${key}`,
      { text, isText: asKey(key).isText && betweenQuotes(text).isText },
    ]),
    ...flags('ingress.extra_args', ingress.extraArgs),
    ...plain({
      'ingress.nginx_ingress_controller_priority_class_name': ingress.nginxIngressControllerPriorityClassName,
      'ingress.default_http_backend_priority_class_name': ingress.defaultHttpBackendPriorityClassName,
    }),
  }),
} as const satisfies Readonly<Record<string, (config: AddonConfig) => Texts>>

function priorities(block: string, options: Readonly<Record<string, string>>): Texts {
  const named = Object.entries(options).filter(([key]) => key.endsWith('_priority_class_name'))
  return plain(Object.fromEntries(named.map(([key, value]) => [`${block}.${key}`, value])))
}

function plain(texts: Readonly<Record<string, string | undefined>>): Texts {
  const set = Object.entries(texts).filter(([, text]) => text !== undefined && text !== '')
  return mapped(set, ([key, text]) => [key, withoutQuotes(text ?? '')])
}

function flags(block: string, values: Readonly<Record<string, string>>): Texts {
  return mapped(Object.entries(values), ([key, value]) => [
    `${block}.${key}`,
    withoutQuotes(`--${key}=${value}`),
  ])
}

function mapped<T>(items: readonly T[], entry: (item: T) => readonly [string, PastedText]): Texts {
  return Object.fromEntries(items.map(entry))
}
