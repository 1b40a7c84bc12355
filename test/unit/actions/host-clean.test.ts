import { describe, expect, it } from 'vitest'
import { hostClean } from '../../../src/actions/node/host-clean.ts'
import type { HostClean } from '../../../src/plan/action/host-clean.ts'
import { bench } from './support.ts'

const ADDRESS = '10.0.0.1'
const IMAGE = 'r/hyperkube:v1'
const action: HostClean = {
  kind: 'host.clean',
  id: 'x',
  node: ADDRESS,
  image: IMAGE,
  pods: 0,
  containers: ['kubelet', 'etcd', 'file-deployer'],
  folders: ['/etc/kubernetes'],
  watchedFolders: [],
  emptyFolders: [],
  devices: ['cni0'],
  packetFilterRules: ['KUBE-'],
  ipSets: ['KUBE'],
  because: [],
  after: [],
}

/** A container as cri-dockerd makes it. */
const podContainer = (name: string) => ({
  Image: IMAGE,
  Labels: {
    'io.kubernetes.container.name': 'POD',
    'io.kubernetes.docker.type': 'podsandbox',
    'io.kubernetes.pod.name': name,
    'io.kubernetes.pod.namespace': 'default',
    'io.kubernetes.pod.uid': '1234',
  },
})

function machine() {
  const { node, context, progress } = bench(ADDRESS)
  const { docker } = node(ADDRESS)
  docker.addContainer('bystander', { Image: 'other', HostConfig: { RestartPolicy: { Name: 'always' } } })
  docker.addImage(IMAGE)
  const time = { pause: () => Promise.resolve(), limit: (ms: number) => AbortSignal.timeout(ms) }
  return { docker, context: { ...context, time }, progress }
}

describe('cleaning a machine', () => {
  it('removes the pods and services that are there by then, whatever the plan saw, and nobody else', async () => {
    const { docker, context, progress } = machine()
    docker.addContainer('k8s_POD_web_default_1234_0', podContainer('web'), 'running')
    docker.addContainer('renamed-by-somebody', podContainer('web'), 'running')
    docker.addContainer('etcd', { Image: IMAGE }, 'running')
    await hostClean.run(action, context)
    expect([...docker.containers.keys()]).toEqual(['bystander'])
    expect(progress).toContain('removing 3 containers')
  })

  it('removes them before mounts and files, and again after that what Docker was still making', async () => {
    const { docker, context } = machine()
    docker.addContainer('k8s_POD_web_default_1234_0', podContainer('web'), 'running')
    docker.onStart = ({ name }) => {
      expect(name).toBe('host-cleaner')
      expect([...docker.containers.keys()]).toEqual(['bystander', 'host-cleaner'])
      docker.addContainer('k8s_web_web_default_1234_0', podContainer('web'), 'created')
      return { exitCode: 0 }
    }
    await hostClean.run(action, context)
    expect([...docker.containers.keys()]).toEqual(['bystander'])
  })

  it('goes on until no more of them come', async () => {
    const { docker, context } = machine()
    docker.addContainer('k8s_0', podContainer('web'), 'running')
    let made = 0
    docker.beforeCall = (name) => {
      if (name === 'removeContainer' && made < 3) docker.addContainer(`k8s_${++made}`, podContainer('web'))
    }
    await hostClean.run({ ...action, image: undefined }, context)
    expect([...docker.containers.keys()]).toEqual(['bystander'])
    expect(made).toBe(3)
  })
})
