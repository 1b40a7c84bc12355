import type { ContainerSpec } from '../container-spec.ts'
import { nodesPerRoleGiven, type ServiceContext } from '../service-context.ts'

/**
 * The TCP proxy through which a node without an API server of its own reaches all of them. The list is
 * given twice: the image reads the variable, and the argument makes a changed list a changed container.
 */
export function nginxProxy({ config }: ServiceContext): ContainerSpec {
  const hosts = nodesPerRoleGiven(config, 'controlplane').map((node) => node.internalAddress)
  const list = `CP_HOSTS=${hosts.join(',')}`
  return {
    name: 'nginx-proxy',
    image: config.systemImages.nginxProxy,
    command: ['nginx-proxy'],
    args: [list],
    env: [list],
    binds: [],
    volumesFrom: [],
    network: 'host',
    privileged: false,
    restart: 'always',
    labels: { 'io.rancher.rke.container.name': 'nginx-proxy' },
    securityOpt: [],
  }
}
