import type { BastionHost, ClusterNode, DeepPartial } from '../cluster-config.ts'

/**
 * SSH settings default to those of the cluster, host name and internal address to the address; the name is
 * lower-cased.
 */
export function defaultNode(
  node: DeepPartial<ClusterNode>,
  sshKeyPath: string,
  sshAgentAuth: boolean,
): DeepPartial<ClusterNode> {
  return {
    ...node,
    internalAddress: node.internalAddress || node.address,
    hostnameOverride: (node.hostnameOverride || node.address || '').toLowerCase(),
    port: node.port || '22',
    sshKeyPath: node.sshKeyPath || sshKeyPath,
    sshAgentAuth,
  }
}

/** Nothing is filled in for a bastion without an address, because it is not used. */
export function defaultBastion(
  bastion: DeepPartial<BastionHost>,
  sshKeyPath: string,
  sshAgentAuth: boolean,
): DeepPartial<BastionHost> {
  if (!bastion.address) return bastion
  return {
    ...bastion,
    port: bastion.port || '22',
    sshKeyPath: bastion.sshKeyPath || sshKeyPath,
    sshAgentAuth,
  }
}
