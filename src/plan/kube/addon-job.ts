import type { ClusterConfig } from '../../config/cluster-config.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import { nodesWithRole } from '../../role.ts'
import type { AddonJob } from '../action/addons.ts'

/** Seconds that a Job gets at least: a first one waits for its image, and a failed one is noticed at once anyway. */
const LEAST = 120

/** How the Jobs of a cluster's addons are run. */
export function addonJob(config: ClusterConfig): AddonJob {
  return {
    image: config.systemImages.kubernetes,
    timeout: Math.max(config.addonJobTimeout, LEAST),
    hosts: nodesWithRole(config.nodes, 'controlplane').map((node) => nodeNameOf(node, config)),
  }
}
