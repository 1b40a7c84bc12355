import type { ServiceOptions } from '../catalog/catalog.ts'
import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import type { Role } from '../role.ts'
import type { NodeFacts } from './node-facts.ts'

/** What is the same for every node of a cluster, and so made only once. */
export interface DesiredInput {
  readonly config: ClusterConfig
  /** Flags that go with the cluster's Kubernetes version. */
  readonly options: ServiceOptions
  /** Image of the container that takes recurring snapshots. */
  readonly backupImage: string
  /** Secrets are, or were until this run, encrypted: the API server needs the provider file. */
  readonly encrypted: boolean
  /** Lower-case hex MD5 of files whose content makes containers differ. */
  readonly checksums: Checksums
}

/** All that a service's container on one node follows from. */
export interface ServiceContext extends DesiredInput {
  readonly node: ClusterNode
  readonly facts: NodeFacts
  /** The node's prefix path. */
  readonly prefix: string
}

export interface Checksums {
  readonly cloudConfig?: string
  readonly admission?: string
  readonly auditPolicy?: string
}

/**
 * Nodes of a role, in the order of cluster.yml, which several arguments show; a node to which the role is given twice
 * stands in them twice, as in RKE.
 */
export const nodesPerRoleGiven = (config: ClusterConfig, role: Role): readonly ClusterNode[] =>
  config.nodes.flatMap((node) => node.role.filter((each) => each === role).map(() => node))

/** `--cloud-provider` of a component: always given, and empty when there is none. */
export function cloudProviderFlag(config: ClusterConfig): string {
  const name = config.cloudProvider.name ?? ''
  return name === 'external-aws' ? 'external' : name
}
