import { describe, expect, it } from 'vitest'
import { containerOf, flagsOf } from '../cluster.ts'

describe('two address ranges of pods', () => {
  const envWith = (cidr: string) =>
    containerOf('kubelet', {
      yaml: `network: {plugin: calico}\nservices: {kube-controller: {cluster_cidr: "${cidr}"}}`,
    }).env

  it.each(['10.42.0.0/16,fd01::/48', 'fd01::/48,10.42.0.0/16', '10.42.0.0/16,fd01::/48,10.52.0.0/16'])(
    'of both families (%s) make cri-dockerd speak both',
    (cidr) => {
      expect(envWith(cidr)).toContain('RKE_KUBELET_CRIDOCKERD_DUALSTACK=true')
    },
  )

  it.each([
    '10.42.0.0/16',
    'fd01::/48',
    '10.42.0.0/16,10.52.0.0/16',
    '10.42.0.0,fd01::',
    '10.42.0.0/16,fd01::/48,x',
  ])('are not what %s is', (cidr) => {
    expect(envWith(cidr)).toEqual(['RKE_KUBELET_CRIDOCKERD=true'])
  })
})

describe('taints from the start', () => {
  const taints = (roles: string) =>
    flagsOf(
      containerOf(
        'kubelet',
        {
          nodes: [
            '{address: 10.0.0.1, user: rke, role: [etcd]}',
            `{address: 10.0.0.2, hostname_override: two, user: rke, role: [${roles}]}`,
          ],
        },
        { node: 'two' },
      ),
    )['register-with-taints']

  it('keep pods off a control plane that is no worker', () => {
    expect(taints('controlplane')).toBe('node-role.kubernetes.io/controlplane=true:NoSchedule')
    expect(taints('etcd, controlplane')).toBe('node-role.kubernetes.io/controlplane=true:NoSchedule')
    expect(taints('controlplane, worker')).toBeUndefined()
    expect(taints('etcd')).toBeUndefined()
    expect(taints('worker')).toBeUndefined()
  })
})
