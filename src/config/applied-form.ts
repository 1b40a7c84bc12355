import type { ClusterConfig } from './cluster-config.ts'
import { drainDefaults } from './defaults/written-key-defaults.ts'

/**
 * A configuration as the current half of the state holds it once it is applied. RKE runs its defaulting twice, and
 * the second run fills in two values that the desired half lacks; cordoning and draining go by them.
 */
export function asApplied(config: ClusterConfig): ClusterConfig {
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
