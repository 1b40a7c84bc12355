/** The roles that a node of a cluster may have, as cluster.yml names them. */
export const ROLES = ['controlplane', 'etcd', 'worker'] as const

export type Role = (typeof ROLES)[number]

interface WithRoles {
  /** As written in cluster.yml: a role may occur twice and, before validation, be any text. */
  readonly role: readonly string[]
}

/** Whether a node has a role. */
export const hasRole = ({ role }: WithRoles, wanted: Role): boolean => role.includes(wanted)

/** The nodes that have a role, each once, in their order. */
export const nodesWithRole = <T extends WithRoles>(nodes: readonly T[], role: Role): readonly T[] =>
  nodes.filter((node) => hasRole(node, role))
