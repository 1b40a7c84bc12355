import type { ContainerSpec } from '../container-spec.ts'
import type { ServiceContext } from '../service-context.ts'

/** Never runs: its volume lends the start script and cri-dockerd to the Kubernetes containers. */
export function serviceSidekick({ config }: ServiceContext): ContainerSpec {
  return {
    name: 'service-sidekick',
    image: config.systemImages.kubernetesServicesSidecar,
    command: ['/bin/bash'],
    args: [],
    env: [],
    binds: [],
    volumesFrom: [],
    network: 'none',
    privileged: false,
    labels: { 'io.rancher.rke.container.name': 'service-sidekick' },
    securityOpt: [],
    createdOnly: true,
  }
}
