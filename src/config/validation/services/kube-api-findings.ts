import { has } from '../../../catalog/version-features.ts'
import type { ClusterConfig } from '../../cluster-config.ts'
import { strategyParts } from '../../defaults/cluster-defaults.ts'
import { podSecurityLevels } from '../../schema/services/kube-api-service.ts'
import {
  buildError,
  error,
  type Finding,
  kubernetesVersion as versionPath,
  warning,
  when,
} from '../finding.ts'
import { isDuration } from '../syntax.ts'
import { oneOfHint } from '../text-findings.ts'

const kubeApi = ['services', 'kubeApi']

/** Who may do what at the API server, and what it does with it. */
export function kubeApiFindings(config: ClusterConfig): readonly Finding[] {
  return [
    ...authentication(config),
    ...podSecurity(config),
    ...podSecurityPolicy(config),
    ...encryption(config),
    ...auditLog(config),
    ...admissionPlugins(config),
    ...kmsPlugins(config),
  ]
}

function authentication({ authentication: { strategy, webhook } }: ClusterConfig): readonly Finding[] {
  const parts = strategyParts(strategy)
  const wrong = parts.filter((part) => part !== 'x509' && part !== 'webhook')
  const path = ['authentication', 'strategy']
  return [
    ...when(wrong.length > 0, () => error(path, 'must be x509 or x509|webhook')),
    ...when(wrong.length === 0 && !parts.includes('x509'), () => error(path, 'must contain x509')),
    ...when(!isDuration(webhook?.cacheTimeout ?? '5s'), () =>
      warning(['authentication', 'webhook', 'cacheTimeout'], 'is not a duration', 'write one such as 5s'),
    ),
  ]
}

function podSecurity({ authorization, kubernetesVersion, services }: ClusterConfig): readonly Finding[] {
  const level = services.kubeApi.podSecurityConfiguration
  if (!level) return []
  const path = [...kubeApi, 'podSecurityConfiguration']
  const from = [versionPath, [...kubeApi, 'extraArgs']]
  return [
    ...when(authorization.mode !== 'rbac', () =>
      error(['authorization', 'mode'], `must be rbac, because the pod security level is ${level}`, {
        hint: 'to disable it, give kube-api a file of your own with the extra argument admission-control-config-file',
        from,
      }),
    ),
    ...when(!has(kubernetesVersion, 'podSecurity'), () =>
      error(path, 'needs Kubernetes v1.23 or newer', { from }),
    ),
    ...when(!(podSecurityLevels as readonly string[]).includes(level), () =>
      error(path, 'must be privileged or restricted', oneOfHint(level, podSecurityLevels)),
    ),
  ]
}

function kmsPlugins({ kubernetesVersion, services: { kubeApi: server } }: ClusterConfig): readonly Finding[] {
  const { enabled, customConfig } = server.secretsEncryptionConfig ?? {}
  const gates = [server.extraArgs?.['feature-gates'], ...(server.extraArgsArray?.['feature-gates'] ?? [])]
  if (!enabled || !has(kubernetesVersion, 'onlyKmsV2') || gates.join().includes('KMSv1=true')) return []
  return (customConfig?.resources ?? []).flatMap(({ providers }, item) =>
    (providers ?? []).flatMap(({ kms }, index) =>
      when(kms !== undefined && kms.apiVersion !== 'v2', () => {
        const place = ['resources', item, 'providers', index, 'kms', 'apiVersion']
        return error(
          [...kubeApi, 'secretsEncryptionConfig', 'customConfig', ...place],
          'is not v2, and API servers of Kubernetes v1.29 or newer do not start with another one',
          {
            hint: 'write v2, if the plugin speaks it; or add KMSv1=true to feature-gates in extra_args of kube-api',
            from: [versionPath, [...kubeApi, 'extraArgs']],
          },
        )
      }),
    ),
  )
}

const PLUGIN_FLAG = 'enable-admission-plugins'

/** An API server that does not know a plugin does not start. */
function podSecurityPolicy({ kubernetesVersion, services }: ClusterConfig): readonly Finding[] {
  const { extraArgs, extraArgsArray } = services.kubeApi
  const given = [
    ['extraArgs', [extraArgs?.[PLUGIN_FLAG] ?? '']],
    ['extraArgsArray', extraArgsArray?.[PLUGIN_FLAG] ?? []],
  ] as const
  const naming = given.filter(([, plugins]) => plugins.join().includes('PodSecurityPolicy'))
  if (!has(kubernetesVersion, 'podSecurityV1')) return []
  return naming.map(([key]) =>
    buildError([...kubeApi, key, PLUGIN_FLAG], 'names PodSecurityPolicy, which Kubernetes v1.25 removed', {
      hint: 'take it out of the list, after its policies are replaced by Pod Security (v1.23 and newer)',
      from: [versionPath],
    }),
  )
}

function encryption({ kubernetesVersion, services }: ClusterConfig): readonly Finding[] {
  const isOn = services.kubeApi.secretsEncryptionConfig?.enabled === true
  return when(isOn && !has(kubernetesVersion, 'encryption'), () =>
    warning([...kubeApi, 'secretsEncryptionConfig', 'enabled'], 'needs Kubernetes v1.13 or newer', {
      from: [versionPath],
    }),
  )
}

function auditLog({ services }: ClusterConfig): readonly Finding[] {
  const { auditLog: given } = services.kubeApi
  return when(given !== undefined && !given.enabled && given.configuration !== undefined, () =>
    warning(
      [...kubeApi, 'auditLog', 'enabled'],
      'is false, but the API server gets the flags of this configuration anyway',
      'remove the configuration to disable the log',
    ),
  )
}

const effectivePlugins = ['EventRateLimit', 'PodSecurity']

function admissionPlugins({ services }: ClusterConfig): readonly Finding[] {
  const plugins = services.kubeApi.admissionConfiguration?.plugins ?? []
  return plugins.flatMap(({ name }, index) =>
    when(!effectivePlugins.includes(name), () =>
      warning(
        [...kubeApi, 'admissionConfiguration', 'plugins', index],
        `only ${effectivePlugins.join(' and ')} reach the API server; this one has no effect`,
        'for others, give kube-api a file of your own with the extra argument admission-control-config-file',
      ),
    ),
  )
}
