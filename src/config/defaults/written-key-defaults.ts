import type { ClusterInput, DeepPartial, UpgradeStrategy } from '../cluster-config.ts'
import { normaliseDuration } from '../kubernetes/go-duration.ts'
import { ingressAsEncoded } from '../kubernetes/ingress-objects.ts'

/**
 * Defaults that depend on which keys stand in cluster.yml, and therefore cannot be applied again to a stored
 * configuration: how nodes are drained, the cloud's host names, and parts that count only when switched on.
 */
export function fillFromWhatIsWritten(input: ClusterInput): ClusterInput {
  return {
    ...input,
    ...(input.upgradeStrategy === undefined
      ? {}
      : { upgradeStrategy: withDrainInput(input.upgradeStrategy) }),
    ...(input.cloudProvider?.name === 'aws'
      ? { cloudProvider: { useInstanceMetadataHostname: false, ...input.cloudProvider } }
      : {}),
    ...(input.ingress === undefined ? {} : { ingress: ingressAsEncoded(input.ingress) }),
    ...(input.services?.kubeApi === undefined
      ? {}
      : { services: { ...input.services, kubeApi: withoutSwitchedOffParts(input.services.kubeApi) } }),
  }
}

/** Pods of daemon sets stay; seconds, -1 for each pod's own grace period. */
export const drainDefaults = { ignoreDaemonSets: true, gracePeriod: -1, timeout: 120 }

/** Gaps in a given block are filled one by one; a missing block is filled only where nodes are not drained. */
function withDrainInput(strategy: DeepPartial<UpgradeStrategy>): DeepPartial<UpgradeStrategy> {
  const given = strategy.nodeDrainInput
  if (given === undefined && strategy.drain === true) return strategy
  return { ...strategy, nodeDrainInput: { ...drainDefaults, ...given } }
}

type KubeApiInput = NonNullable<NonNullable<ClusterInput['services']>['kubeApi']>
type EncryptionInput = NonNullable<KubeApiInput['secretsEncryptionConfig']>

function withoutSwitchedOffParts(kubeApi: KubeApiInput): KubeApiInput {
  const { secretsEncryptionConfig: encryption, eventRateLimit: limits } = kubeApi
  return {
    ...kubeApi,
    ...(encryption === undefined ? {} : { secretsEncryptionConfig: encryptionInForce(encryption) }),
    ...(limits?.configuration === undefined || limits.enabled
      ? {}
      : { eventRateLimit: { ...limits, configuration: { limits: limits.configuration.limits } } }),
  }
}

/** A custom configuration counts only where encryption is switched on; its durations are written as Go does. */
function encryptionInForce(given: EncryptionInput): EncryptionInput {
  const { customConfig, ...rest } = given
  if (!given.enabled || customConfig === undefined) return rest
  const resources = customConfig.resources?.map((resource) => ({
    ...resource,
    providers: resource.providers?.map(({ kms, ...provider }) => ({
      ...provider,
      ...(kms === undefined
        ? {}
        : { kms: { ...kms, timeout: kms.timeout && normaliseDuration(kms.timeout) } }),
    })),
  }))
  return { ...rest, customConfig: { ...customConfig, ...(resources === undefined ? {} : { resources }) } }
}
