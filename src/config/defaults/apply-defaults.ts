import type { Catalog } from '../../catalog/catalog.ts'
import { has } from '../../catalog/version-features.ts'
import type { ClusterConfig, ClusterInput } from '../cluster-config.ts'
import { clusterConfigSchema } from '../schema/cluster.ts'
import { complete } from '../schema/reading/complete.ts'
import { defaultDns, defaultIngress, defaultMonitoring } from './addon-defaults.ts'
import { defaultCloudProvider } from './cloud-provider-defaults.ts'
import { defaultAuthentication, defaultUpgradeStrategy } from './cluster-defaults.ts'
import { defaultSystemImages } from './image-defaults.ts'
import { defaultNetwork } from './network-defaults.ts'
import { defaultBastion, defaultNode } from './node-defaults.ts'
import { defaultServices } from './service-defaults.ts'

/** What the command line says about the configuration. */
export interface ConfigFlags {
  /** `--ssh-agent-auth`: true wins over the file. */
  readonly sshAgentAuth?: boolean
  /** `--ignore-docker-version`: written over the file's value; `undefined` keeps what is stored. */
  readonly ignoreDockerVersion?: boolean
}

/**
 * Fills in everything that was not given, as RKE does, and makes the result whole. Applied to a configuration that
 * has been through it before, it changes nothing. Nothing is checked here.
 */
export function applyDefaults(input: ClusterInput, catalog: Catalog, flags: ConfigFlags = {}): ClusterConfig {
  const version = input.kubernetesVersion || catalog.defaultVersion
  const sshKeyPath = input.sshKeyPath || '~/.ssh/id_rsa'
  const sshAgentAuth = flags.sshAgentAuth === true || input.sshAgentAuth === true
  const systemImages = defaultSystemImages(input, catalog, version)
  const filled: ClusterInput = {
    ...input,
    nodes: (input.nodes ?? []).map((node) => defaultNode(node, sshKeyPath, sshAgentAuth)),
    services: defaultServices(input.services ?? {}, systemImages, version),
    network: defaultNetwork(input.network ?? {}),
    authentication: defaultAuthentication(input.authentication ?? {}),
    systemImages,
    sshKeyPath,
    sshAgentAuth,
    authorization: { ...input.authorization, mode: input.authorization?.mode || 'rbac' },
    ignoreDockerVersion: flags.ignoreDockerVersion ?? input.ignoreDockerVersion ?? null,
    enableCriDockerd: input.enableCriDockerd ?? (has(version, 'criDockerdByDefault') ? true : null),
    kubernetesVersion: version,
    ingress: defaultIngress(input.ingress ?? {}, version),
    clusterName: input.clusterName || 'local',
    cloudProvider: defaultCloudProvider(input.cloudProvider ?? {}),
    prefixPath: input.prefixPath || '/',
    addonJobTimeout: input.addonJobTimeout || 45,
    bastionHost: defaultBastion(input.bastionHost ?? {}, sshKeyPath, sshAgentAuth),
    monitoring: defaultMonitoring(input.monitoring ?? {}),
    dns: defaultDns(input.dns ?? {}, version),
    upgradeStrategy: defaultUpgradeStrategy(input.upgradeStrategy ?? {}),
  }
  return complete(clusterConfigSchema, filled, () => {}) as ClusterConfig
}
