import { hasRole, nodesWithRole, ROLES, type Role } from '../../../role.ts'
import type { ClusterConfig, ClusterNode } from '../../cluster-config.ts'
import { error, type Finding, warning, when } from '../finding.ts'
import { oneOfHint } from '../text-findings.ts'

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'
const hostName = new RegExp(`^${label}(?:\\.${label})*$`)

/** Every node must be reachable and nameable in principle, names and addresses are unique, and etcd lives somewhere. */
export function nodeFindings(config: ClusterConfig): readonly Finding[] {
  const { nodes } = config
  return [
    ...nodes.flatMap((node, index) => oneNode(node, ['nodes', index])),
    ...duplicates(nodes, 'address', error),
    ...duplicates(nodes, 'hostnameOverride', error),
    ...duplicates(nodes, 'internalAddress', warning),
    ...rolesInAll(config),
  ]
}

function rolesInAll({ nodes, services }: ClusterConfig): readonly Finding[] {
  const count = (role: Role) => nodesWithRole(nodes, role).length
  const externalUrls = ['services', 'etcd', 'externalUrls']
  const external = services.etcd.externalUrls.length > 0
  const etcd = count('etcd')
  const from = nodes.map((_, index) => ['nodes', index, 'role'])
  const some = nodes.length > 0
  return [
    ...when(etcd === 0 && !external, () =>
      error(
        ['nodes'],
        'must hold at least one node with the role etcd, because external_urls are not given either',
        { from: [...from, externalUrls] },
      ),
    ),
    ...when(etcd > 0 && external, () =>
      error(externalUrls, 'cannot be given together with nodes of the role etcd', {
        others: [['nodes', nodes.findIndex((node) => hasRole(node, 'etcd')), 'role']],
      }),
    ),
    ...when(etcd > 0 && etcd % 2 === 0, () =>
      warning(['nodes'], `${etcd} etcd nodes survive no more failures than ${etcd - 1}`, {
        hint: 'use an odd number',
        from,
      }),
    ),
    ...when(some && count('controlplane') === 0, () =>
      warning(['nodes'], 'no node has the role controlplane', { from }),
    ),
    ...when(some && count('worker') === 0, () =>
      warning(['nodes'], 'no node has the role worker, so no pod can run', { from }),
    ),
  ]
}

function oneNode(node: ClusterNode, path: readonly (string | number)[]): readonly Finding[] {
  const roles = node.role.flatMap((role, index) =>
    when(!(ROLES as readonly string[]).includes(role), () =>
      error([...path, 'role', index], `"${role}" is not a role`, oneOfHint(role, ROLES)),
    ),
  )
  return [
    ...when(node.address === '', () => error([...path, 'address'], 'is missing')),
    ...when(node.user === '', () => error([...path, 'user'], 'is missing: the SSH user')),
    ...when(node.role.length === 0, () =>
      error([...path, 'role'], `is missing: a list of one or more of ${ROLES.join(', ')}`),
    ),
    ...roles,
    ...when(node.address !== '' && !isHostName(node.hostnameOverride), () =>
      error(
        [...path, 'hostnameOverride'],
        `"${node.hostnameOverride}" cannot be the name of a Kubernetes node`,
        { hint: 'use at most 253 of a-z, 0-9, "-" and "."', from: [[...path, 'address']] },
      ),
    ),
  ]
}

/** DNS-1123 subdomain. */
const isHostName = (name: string): boolean => name.length <= 253 && hostName.test(name)

const yamlNames = {
  address: 'address',
  hostnameOverride: 'hostname_override',
  internalAddress: 'internal_address',
} as const

function duplicates(
  nodes: readonly ClusterNode[],
  key: keyof typeof yamlNames,
  finding: typeof error,
): readonly Finding[] {
  const first = new Map<string, number>()
  return nodes.flatMap((node, index) => {
    const value = node[key]
    const before = first.get(value)
    if (before === undefined) first.set(value, index)
    if (before === undefined || value === '' || followsFromAddress(node, nodes[before], key)) return []
    return finding(['nodes', index, key], `"${value}" is already the ${yamlNames[key]} of nodes[${before}]`, {
      others: [['nodes', before, isAddress(nodes[before], key) ? 'address' : key]],
      from: [
        ['nodes', index, 'address'],
        ['nodes', before, 'address'],
      ],
    })
  })
}

/** Whether a name of a node is only its address, as it is where none is given. */
const isAddress = (node: ClusterNode | undefined, key: keyof typeof yamlNames): boolean =>
  node?.[key].toLowerCase() === node?.address.toLowerCase()

/** Without `internal_address` the address is used, so a duplicate is reported once. */
const followsFromAddress = (a: ClusterNode, b: ClusterNode | undefined, key: string): boolean =>
  key === 'internalAddress' && a.address === b?.address
