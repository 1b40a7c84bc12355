import { rolloutSettings } from '../../../src/plan/rollout/rollout-settings.ts'
import { hasRole } from '../../../src/role.ts'
import type { ModelCluster } from './model-cluster.ts'
import type { Broken } from './wanted-cluster.ts'

const CONTAINERS = { kubelet: 'kubelet', 'kube-api': 'kube-apiserver', etcd: 'etcd' } as const

/** Nodes that have got a flag that their service cannot live with, if these are more than may be out of service at once. */
export function tooManyBroken(
  { world, config }: ModelCluster,
  service: Broken['service'],
): readonly string[] {
  const broken = world.machines
    .filter(({ docker }) => JSON.stringify(docker.get(CONTAINERS[service])?.spec ?? '').includes('--fate='))
    .map(({ address }) => address)
  // A member that answers nobody cannot be told from one that misses it.
  if (service === 'etcd' && config.nodes.filter((node) => hasRole(node, 'etcd')).length < 3) return []
  // Control plane nodes come first, and workers wait for all of them.
  const most = service === 'etcd' ? 1 : rolloutSettings(config, undefined, true).maxUnavailableControlPlane
  return broken.length <= most ? [] : [`the ${service} of ${broken.join(', ')} is broken by one change`]
}
