import { has } from '../../catalog/version-features.ts'
import type { ClusterConfig, KubeApiServiceConfig } from '../../config/cluster-config.ts'
import { type Json, type JsonMap, sortedYaml } from '../../config/yaml/write/sorted-yaml.ts'
import { omitEmpty } from './omit-empty.ts'

/** The plugins the file configures, in its order. */
const PLUGINS = ['EventRateLimit', 'PodSecurity'] as const

const isThere = (plugin: (typeof PLUGINS)[number], version: string): boolean =>
  plugin !== 'PodSecurity' || has(version, 'podSecurity')

/**
 * Text of admission.yaml (`apiserver.config.k8s.io/v1` AdmissionConfiguration), or `undefined` where the API
 * server is given a file of the user's own. The plugins of the version are always in it, enabled or not.
 */
export function admissionText(config: ClusterConfig): string | undefined {
  const service = config.services.kubeApi
  if (service.extraArgs['admission-control-config-file'] !== undefined) return undefined
  const defaults = {
    EventRateLimit: eventRateLimit(service),
    PodSecurity: podSecurity(service.podSecurityConfiguration, config.kubernetesVersion),
  }
  return sortedYaml({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: PLUGINS.filter((name) => isThere(name, config.kubernetesVersion)).map(
      (name) => configuredPlugin(service, name) ?? plugin(name, defaults[name]),
    ),
  })
}

const plugin = (name: string, configuration: Json, path = ''): JsonMap => ({ configuration, name, path })

function configuredPlugin(service: KubeApiServiceConfig, name: string): JsonMap | undefined {
  const found = service.admissionConfiguration?.plugins?.find((entry) => entry.name === name)
  // The configuration came out of YAML, so it holds nothing but JSON values.
  return found && plugin(found.name, found.configuration as Json, found.path)
}

function eventRateLimit({ eventRateLimit: given }: KubeApiServiceConfig): Json {
  const configuration = given?.enabled ? given.configuration : undefined
  if (configuration !== undefined) {
    const { apiVersion, kind, limits } = configuration
    return {
      ...omitEmpty({ apiVersion, kind }),
      limits: limits?.map(({ cacheSize, ...limit }) => ({ ...limit, ...omitEmpty({ cacheSize }) })) ?? null,
    }
  }
  return {
    apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1',
    kind: 'Configuration',
    limits: [{ type: 'Server', qps: 5000, burst: 20000 }],
  }
}

/** Anything but `restricted` is privileged. */
function podSecurity(level: string | undefined, version: string): Json {
  const restricted = level === 'restricted'
  const modes = restricted ? ['enforce', 'audit', 'warn'] : ['enforce']
  const enforced = restricted ? 'restricted' : 'privileged'
  return {
    apiVersion: `pod-security.admission.config.k8s.io/${has(version, 'podSecurityV1') ? 'v1' : 'v1beta1'}`,
    kind: 'PodSecurityConfiguration',
    defaults: Object.fromEntries(
      modes.flatMap((mode) => [
        [mode, enforced],
        [`${mode}-version`, 'latest'],
      ]),
    ),
    exemptions: restricted ? { namespaces: ['ingress-nginx', 'kube-system'] } : {},
  }
}
