import type { ListQuery } from '../client/kube-api.ts'
import type { KubeNode } from './kube-object.ts'
import type { NodeName } from './node-name.ts'

const HOSTNAME_LABEL = 'kubernetes.io/hostname'

/**
 * The Node of a machine: label `kubernetes.io/hostname` equal to its host name, without regard to case, or, where a cloud
 * provider names Nodes itself, its address of type InternalIP.
 */
export function findNode(
  nodes: readonly KubeNode[],
  { hostname, internalAddress = '' }: NodeName,
): KubeNode | undefined {
  const wanted = hostname.toLowerCase()
  return nodes.find(
    (node) =>
      node.labels[HOSTNAME_LABEL]?.toLowerCase() === wanted ||
      (internalAddress !== '' &&
        node.addresses.some(({ type, address }) => type === 'InternalIP' && address === internalAddress)),
  )
}

/**
 * What to list, or to watch, to find the Node of one machine: kubelets write their label in lower case. All Nodes
 * where the internal address may be what finds it. With a thousand nodes each must not read all others.
 */
export function nodeQuery({ hostname, internalAddress = '' }: NodeName): ListQuery {
  const nodes = { apiVersion: 'v1', kind: 'Node' }
  if (internalAddress !== '') return nodes
  return { ...nodes, labelSelector: `${HOSTNAME_LABEL}=${hostname.toLowerCase()}` }
}
