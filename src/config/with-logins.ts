import type { ClusterConfig, ClusterNode } from './cluster-config.ts'

/** How the machine of a node is reached. */
type Login = Pick<
  ClusterNode,
  'port' | 'user' | 'dockerSocket' | 'sshAgentAuth' | 'sshKey' | 'sshKeyPath' | 'sshCert' | 'sshCertPath'
>

/** The same cluster, whose machines are reached as another configuration says, as far as that has them; so is the bastion. */
export function withLoginsOf(config: ClusterConfig, { nodes, bastionHost }: ClusterConfig): ClusterConfig {
  return {
    ...config,
    bastionHost,
    nodes: config.nodes.map((node) => {
      const now = nodes.find(({ address }) => address === node.address)
      return now === undefined ? node : { ...node, ...loginOf(now) }
    }),
  }
}

function loginOf(node: ClusterNode): Login {
  const { port, user, dockerSocket, sshAgentAuth, sshKey, sshKeyPath, sshCert, sshCertPath } = node
  return { port, user, dockerSocket, sshAgentAuth, sshKey, sshKeyPath, sshCert, sshCertPath }
}
