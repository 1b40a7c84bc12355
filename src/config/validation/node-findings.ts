import type { ClusterConfig, ClusterNode } from '../cluster-config.ts'
import { nodeRoles } from '../schema/nodes.ts'
import { error, type Finding, warning, when } from './finding.ts'

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'
const hostName = new RegExp(`^${label}(?:\\.${label})*$`)

/** Every node must be reachable and nameable in principle, names and addresses are unique, and etcd lives somewhere. */
export function nodeFindings(config: ClusterConfig): readonly Finding[] {
  const { nodes, services } = config
  const count = (role: string) => nodes.filter((node) => node.role.includes(role)).length
  const external = services.etcd.externalUrls.length > 0
  const etcd = count('etcd')
  return [
    ...nodes.flatMap((node, index) => oneNode(node, ['nodes', index])),
    ...duplicates(nodes, 'address'),
    ...duplicates(nodes, 'hostnameOverride'),
    ...when(etcd === 0 && !external, () =>
      error(
        ['nodes'],
        'must hold at least one node with the role etcd, because external_urls are not given either',
      ),
    ),
    ...when(etcd > 0 && external, () =>
      error(['services', 'etcd', 'externalUrls'], 'cannot be given together with nodes of the role etcd'),
    ),
    ...when(etcd > 0 && etcd % 2 === 0, () =>
      warning(['nodes'], `${etcd} etcd nodes survive no more failures than ${etcd - 1}; use an odd number`),
    ),
    ...when(count('controlplane') === 0, () => warning(['nodes'], 'no node has the role controlplane')),
    ...when(count('worker') === 0, () =>
      warning(['nodes'], 'no node has the role worker, so no pod can run'),
    ),
  ]
}

function oneNode(node: ClusterNode, path: readonly (string | number)[]): readonly Finding[] {
  const roles = node.role.flatMap((role, index) =>
    when(!(nodeRoles as readonly string[]).includes(role), () =>
      error([...path, 'role', index], `"${role}" is no role; use ${nodeRoles.join(', ')}`),
    ),
  )
  return [
    ...when(node.address === '', () => error([...path, 'address'], 'is missing')),
    ...when(node.user === '', () => error([...path, 'user'], 'is missing: the name to log in with over SSH')),
    ...when(node.role.length === 0, () =>
      error([...path, 'role'], `is missing: a list of one or more of ${nodeRoles.join(', ')}`),
    ),
    ...roles,
    ...when(node.address !== '' && !isHostName(node.hostnameOverride), () =>
      error(
        [...path, 'hostnameOverride'],
        `"${node.hostnameOverride}" cannot be the name of a Kubernetes node: use at most 253 of a-z, 0-9, "-" and "."`,
      ),
    ),
    ...taints(node, path),
  ]
}

/** DNS-1123 subdomain. */
const isHostName = (name: string): boolean => name.length <= 253 && hostName.test(name)

const reservedTaints = [
  'node-role.kubernetes.io/etcd:NoExecute',
  'node-role.kubernetes.io/controlplane:NoSchedule',
]

function taints(node: ClusterNode, path: readonly (string | number)[]): readonly Finding[] {
  const names = node.taints.map(({ key = '', effect = '' }) => `${key}:${effect}`)
  return names.flatMap((name, index) => [
    ...when(reservedTaints.includes(name), () =>
      warning([...path, 'taints', index], `${name} is set by RKE itself; this one is ignored`),
    ),
    ...when(names.indexOf(name) < index, () =>
      warning([...path, 'taints', index], `${name} is given twice for this node; this one is ignored`),
    ),
  ])
}

const yamlNames = { address: 'address', hostnameOverride: 'hostname_override' } as const

function duplicates(nodes: readonly ClusterNode[], key: keyof typeof yamlNames): readonly Finding[] {
  return nodes.flatMap((node, index) => {
    const first = nodes.findIndex((other) => other[key] === node[key])
    return when(first < index && node[key] !== '', () =>
      error(['nodes', index, key], `"${node[key]}" is the ${yamlNames[key]} of nodes[${first}] already`),
    )
  })
}
