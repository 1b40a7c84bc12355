import type { ClusterConfig, ClusterNode } from '../../cluster-config.ts'
import { type Finding, warning, when } from '../finding.ts'
import { isQualifiedName } from '../syntax.ts'
import { keyFindings, portFindings } from './login-findings.ts'

type Path = Finding['path']

/** Values of nodes that RKE takes as they are, and that fail only when they are used. */
export function nodeSyntaxFindings({ nodes }: ClusterConfig): readonly Finding[] {
  return nodes.flatMap((node, index) => {
    const path = ['nodes', index]
    return [...access(node, path), ...labels(node, path), ...taints(node, path)]
  })
}

function access(node: ClusterNode, path: Path): readonly Finding[] {
  const { address, dockerSocket = '', port, sshKey = '' } = node
  return [
    ...when(/[\s/]/.test(address), () =>
      warning([...path, 'address'], `"${address}" is not an address`, 'write an IP address or a host name'),
    ),
    ...portFindings(port, path),
    ...when(dockerSocket !== '' && !dockerSocket.startsWith('/'), () =>
      warning([...path, 'dockerSocket'], 'is not a path on the node', 'start it with /'),
    ),
    ...keyFindings(sshKey, path),
  ]
}

function labels({ labels: given }: ClusterNode, path: Path): readonly Finding[] {
  return Object.entries(given).flatMap(([key, value]) =>
    when(!isQualifiedName(key) || !isLabelValue(value), () =>
      warning(
        [...path, 'labels', key],
        'Kubernetes refuses this label',
        'use at most 63 of a-z, A-Z, 0-9, "-", "_" and ".", starting and ending with a letter or a digit; the name may have a domain and a slash before it',
      ),
    ),
  )
}

const isLabelValue = (value: string): boolean =>
  value === '' || (value.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(value))

const reservedTaints = [
  'node-role.kubernetes.io/etcd:NoExecute',
  'node-role.kubernetes.io/controlplane:NoSchedule',
]

function taints(node: ClusterNode, path: Path): readonly Finding[] {
  const names = node.taints.map(({ key = '', effect = '' }) => `${key}:${effect}`)
  return node.taints.flatMap(({ effect = '', key = '', value = '' }, index) => {
    const name = names[index] ?? ''
    const at = [...path, 'taints', index]
    return [
      ...when(reservedTaints.includes(name), () =>
        warning(at, `${name} is set by RKE itself; this one is ignored`),
      ),
      ...when(names.indexOf(name) < index, () =>
        warning(at, `${name} is given twice for this node; this one is ignored`, {
          others: [[...path, 'taints', names.indexOf(name)]],
        }),
      ),
      ...when(!isQualifiedName(key), () => warning([...at, 'key'], 'is not a valid taint key')),
      ...when(effect === '', () =>
        warning([...at, 'effect'], 'is missing', 'use one of NoSchedule, PreferNoSchedule, NoExecute'),
      ),
      ...when(!isLabelValue(value), () => warning([...at, 'value'], 'is not a valid taint value')),
    ]
  })
}
