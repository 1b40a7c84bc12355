import type { ClusterConfig, ClusterInput } from '../cluster-config.ts'
import { clusterConfigSchema } from '../schema/cluster.ts'
import { configTree } from './config-tree.ts'
import { yamlText } from './yaml-text.ts'

/** Two lines that stand above every generated file. A default registry is put only before images that are not named. */
const head = (
  namesImages: boolean,
): string => `# Made by rke config: every key with its value, empty ones have their default.
# Where there is no way to the internet, ${
  namesImages
    ? 'put a registry of your own before the images under system_images'
    : 'name a registry of your own under private_registries, with is_default: true'
}.
`

/** What `rke config --empty` writes: every key without a value, and one node. */
export const emptyConfigYaml = (): string => configYaml({ nodes: [{}] })

/**
 * A cluster file: RKE's keys in RKE's order, those without a value empty. It reads back to the same configuration.
 * Placeholders stay as they are; a configuration whose secrets are filled in is written with them in clear text.
 */
export function configYaml(config: ClusterInput | ClusterConfig): string {
  const namesImages = Object.values(config.systemImages ?? {}).some((image) => !!image)
  return head(namesImages) + yamlText(configTree(clusterConfigSchema, asWritten(config)))
}

/**
 * Two blocks mean something by being there, so they are written only where they were given: the upgrade strategy
 * fills in how nodes are drained, the name `aws` where the names of nodes are from.
 */
function asWritten(config: ClusterInput | ClusterConfig): ClusterInput {
  const { cloudProvider: cloud, upgradeStrategy: upgrade, ...rest } = config as ClusterInput
  const named = cloud?.name === 'aws' && cloud.awsCloudProvider !== undefined
  return {
    ...rest,
    ...(upgrade === undefined || (upgrade.nodeDrainInput === undefined && upgrade.drain !== true)
      ? {}
      : { upgradeStrategy: upgrade }),
    cloudProvider:
      named && cloud.useInstanceMetadataHostname === undefined ? { ...cloud, name: undefined } : cloud,
  }
}
