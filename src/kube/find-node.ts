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
