import type { ClusterConfig } from './cluster-config.ts'
import { drainDefaults } from './defaults/written-key-defaults.ts'
import { clusterConfigSchema } from './schema/cluster.ts'
import { viewOf } from './schema/reading/schema-view.ts'

const UNKNOWN_TO_RKE = Object.entries(clusterConfigSchema.shape).flatMap(([name, member]) =>
  viewOf(member).rules.emit === 'never' ? [name] : [],
)

/** A configuration as the desired half of the state holds it: without the keys that RKE does not know. */
export function asDesired(config: ClusterConfig): ClusterConfig {
  const known = { ...config }
  for (const name of UNKNOWN_TO_RKE) Reflect.deleteProperty(known, name)
  return known
}

/**
 * A configuration as the current half of the state holds it once it is applied. RKE runs its defaulting twice, and
 * the second run fills in two values that the desired half lacks; cordoning and draining go by them.
 */
export function asApplied(given: ClusterConfig): ClusterConfig {
  const config = asDesired(given)
  const { upgradeStrategy: upgrade, cloudProvider: cloud } = config
  const drainInput = {
    force: false,
    deleteLocalData: false,
    ...drainDefaults,
  }
  return {
    ...config,
    upgradeStrategy:
      upgrade.nodeDrainInput === undefined && upgrade.drain !== true
        ? { ...upgrade, nodeDrainInput: drainInput }
        : upgrade,
    cloudProvider:
      cloud.name === 'aws' && cloud.useInstanceMetadataHostname === undefined
        ? { ...cloud, useInstanceMetadataHostname: false }
        : cloud,
  }
}
