import { describe, expect, it } from 'vitest'
import { initialCluster } from '../../../../src/desired/services/etcd.ts'
import { clusterOf, containerOf, flagsOf, nodeOf } from '../cluster.ts'

describe('a member that joins', () => {
  const nodes = [1, 2, 3].map(
    (n) => `{address: 10.0.0.${n}, hostname_override: e${n}, user: rke, role: [etcd, controlplane]}`,
  )
  const config = clusterOf({ nodes })

  it('is told of the members there are and of itself, and that the cluster exists', () => {
    const members = initialCluster([nodeOf(config, 'e1'), nodeOf(config, 'e3')])
    const joining = { initialCluster: members }
    const flags = flagsOf(containerOf('etcd', { nodes }, { node: 'e3', joining }))
    expect(flags).toMatchObject({
      'initial-cluster': 'etcd-e1=https://10.0.0.1:2380,etcd-e3=https://10.0.0.3:2380',
      'initial-cluster-state': 'existing',
    })
  })

  it('is told of all in the order of cluster.yml otherwise, as a new cluster', () => {
    const flags = flagsOf(containerOf('etcd', { nodes }, { node: 'e2' }))
    expect(flags).toMatchObject({
      'initial-cluster':
        'etcd-e1=https://10.0.0.1:2380,etcd-e2=https://10.0.0.2:2380,etcd-e3=https://10.0.0.3:2380',
      'initial-cluster-state': 'new',
    })
  })

  it("has its own address first in its API server's list, then the others in their order", () => {
    expect(flagsOf(containerOf('kube-apiserver', { nodes }, { node: 'e2' }))['etcd-servers']).toBe(
      'https://10.0.0.2:2379,https://10.0.0.1:2379,https://10.0.0.3:2379',
    )
  })
})

describe('etcd', () => {
  const flagsWith = (tag: string) =>
    flagsOf(containerOf('etcd', { yaml: `system_images: {etcd: "rancher/mirrored-coreos-etcd:${tag}"}` }))

  it('is announced on its old port too, up to all builds of 3.4.3', () => {
    const [both, one] = ['https://10.0.0.10:2379,https://10.0.0.10:4001', 'https://10.0.0.10:2379']
    expect(flagsWith('v3.3.15-rancher1')['advertise-client-urls']).toBe(both)
    expect(flagsWith('v3.4.3-rancher1')['advertise-client-urls']).toBe(both)
    expect(flagsWith('v3.4.13-rancher1')['advertise-client-urls']).toBe(one)
  })

  it('is given its ciphers after all builds of 3.4.14', () => {
    expect(flagsWith('v3.4.14-rancher1')['cipher-suites']).toBeUndefined()
    expect(flagsWith('v3.4.15-rancher1')['cipher-suites']).toMatch(/^TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,/)
  })
})
