import { describe, expect, it } from 'vitest'
import { clusterOf, containersIn } from './cluster.ts'
import { containersText } from './containers-text.ts'

/** Every mix of roles in one cluster; the node's number is in its addresses. */
const MIXES = [
  ['etcd'],
  ['controlplane'],
  ['worker'],
  ['controlplane', 'etcd'],
  ['etcd', 'worker'],
  ['controlplane', 'worker'],
] as const
const nodes = MIXES.map(
  (roles, index) =>
    `{address: 203.0.113.${index + 1}, internal_address: 10.0.0.${index + 1}, hostname_override: ${roles.join('-')}, user: rke, role: [${roles.join(', ')}]}`,
)
const config = clusterOf({ nodes })

const namesOn = (node: string): readonly string[] => containersIn(config, { node }).map(({ name }) => name)

const ETCD = ['etcd', 'etcd-rolling-snapshots']
const CONTROL_PLANE = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
const EVERY = ['kubelet', 'kube-proxy']

describe('a node', () => {
  it('has the containers of its roles, and a proxy where no API server is its own', () => {
    expect(
      Object.fromEntries(config.nodes.map((node) => [node.hostnameOverride, namesOn(node.hostnameOverride)])),
    ).toEqual({
      etcd: [...ETCD, 'service-sidekick', 'nginx-proxy', ...EVERY],
      controlplane: ['service-sidekick', ...CONTROL_PLANE, ...EVERY],
      worker: ['service-sidekick', 'nginx-proxy', ...EVERY],
      'controlplane-etcd': [...ETCD, 'service-sidekick', ...CONTROL_PLANE, ...EVERY],
      'etcd-worker': [...ETCD, 'service-sidekick', 'nginx-proxy', ...EVERY],
      'controlplane-worker': ['service-sidekick', ...CONTROL_PLANE, ...EVERY],
    })
  })

  for (const roles of MIXES) {
    const name = roles.join('-')
    it(`with the roles ${roles.join(' and ')} has exactly these containers`, async () => {
      const text = containersText(containersIn(config, { node: name }))
      await expect(text).toMatchFileSnapshot(`golden/roles/${name}.txt`)
    })
  }
})
