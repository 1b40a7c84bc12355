import type { ListQuery } from '../client/kube-api.ts'
import type { KubeNode } from './kube-object.ts'

const HOSTNAME_LABEL = 'kubernetes.io/hostname'

/**
 * The Node of a machine: label `kubernetes.io/hostname` equal to its `hostnameOverride`, without regard to
 * case. A cloud provider that names nodes itself (`external-aws`) is served by `internalAddress`, which then
 * also finds the Node, by its address of type InternalIP.
 */
export function findNode(
  nodes: readonly KubeNode[],
  hostnameOverride: string,
  internalAddress?: string,
): KubeNode | undefined {
  const wanted = hostnameOverride.toLowerCase()
  return nodes.find(
    (node) =>
      node.labels[HOSTNAME_LABEL]?.toLowerCase() === wanted ||
      (internalAddress !== undefined &&
        internalAddress !== '' &&
        node.addresses.some(({ type, address }) => type === 'InternalIP' && address === internalAddress)),
  )
}

/**
 * What to list, or to watch, to find the Node of one machine: kubelets write their label in lower case. All Nodes
 * where `internalAddress` may be what finds it. With a thousand nodes each must not read all others.
 */
export function nodeQuery(hostnameOverride: string, internalAddress?: string): ListQuery {
  const nodes = { apiVersion: 'v1', kind: 'Node' }
  if (internalAddress !== undefined && internalAddress !== '') return nodes
  return { ...nodes, labelSelector: `${HOSTNAME_LABEL}=${hostnameOverride.toLowerCase()}` }
}
