import { expect, test } from 'vitest'
import type { ContainerSpec } from '../../../src/desired/container-spec.ts'
import { createRequest, hasSelinux } from '../../../src/node/containers/create-request.ts'

const empty: ContainerSpec = {
  name: 'x',
  image: 'rancher/x:1',
  command: [],
  args: [],
  env: [],
  binds: [],
  volumesFrom: [],
  network: 'bridge',
  privileged: false,
  labels: {},
  securityOpt: [],
}

test('kube-proxy becomes the request that RKE sends', () => {
  const spec: ContainerSpec = {
    ...empty,
    name: 'kube-proxy',
    image: 'rancher/hyperkube:v1.30.4-rancher1',
    command: ['/opt/rke-tools/entrypoint.sh', 'kube-proxy', '--cluster-cidr=10.42.0.0/16', '--v=2'],
    binds: ['/etc/kubernetes:/etc/kubernetes', '/run:/run', '/lib/modules:/lib/modules:ro'],
    volumesFrom: ['service-sidekick'],
    network: 'host',
    pid: 'host',
    privileged: true,
    restart: 'always',
    labels: { 'io.rancher.rke.container.name': 'kube-proxy' },
  }
  expect(createRequest(spec)).toEqual({
    Image: 'rancher/hyperkube:v1.30.4-rancher1',
    Entrypoint: ['/opt/rke-tools/entrypoint.sh', 'kube-proxy', '--cluster-cidr=10.42.0.0/16', '--v=2'],
    Labels: { 'io.rancher.rke.container.name': 'kube-proxy' },
    HostConfig: {
      Binds: ['/etc/kubernetes:/etc/kubernetes', '/run:/run', '/lib/modules:/lib/modules:ro'],
      VolumesFrom: ['service-sidekick'],
      NetworkMode: 'host',
      PidMode: 'host',
      Privileged: true,
      RestartPolicy: { Name: 'always' },
    },
  })
})

test('what is empty is left to the image and to Docker', () => {
  expect(createRequest(empty)).toEqual({ Image: 'rancher/x:1', HostConfig: {} })
})

test('SELinux options are sent as they are asked for', () => {
  const spec = { ...empty, securityOpt: ['label=type:rke_container_t'] }
  expect(createRequest(spec).HostConfig?.SecurityOpt).toEqual(['label=type:rke_container_t'])
})

test.each([
  [['name=selinux'], true],
  [['selinux'], true],
  [['name=seccomp,profile=default', 'name=selinux'], true],
  [['name=seccomp,profile=default'], false],
  [[], false],
])('Docker with %j has SELinux: %s', (SecurityOptions, expected) => {
  expect(hasSelinux({ SecurityOptions })).toBe(expected)
})
