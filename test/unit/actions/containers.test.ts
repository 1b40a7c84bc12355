import { describe, expect, it } from 'vitest'
import { containerCreate } from '../../../src/actions/containers/container-create.ts'
import { containerReplace } from '../../../src/actions/containers/container-replace.ts'
import { containerStart } from '../../../src/actions/containers/container-start.ts'
import { imagePull } from '../../../src/actions/containers/image-pull.ts'
import { selinuxCheck } from '../../../src/actions/node/selinux-check.ts'
import type { ContainerSpec } from '../../../src/desired/container-spec.ts'
import { DockerError } from '../../../src/errors.ts'
import { Secret } from '../../../src/secret.ts'
import { bench } from './support.ts'

const ADDRESS = '10.0.0.1'
const spec: ContainerSpec = {
  name: 'kubelet',
  image: 'r/h:v1',
  command: ['kubelet'],
  args: [],
  env: [],
  binds: [],
  volumesFrom: [],
  network: 'host',
  privileged: true,
  restart: 'always',
  labels: {},
  securityOpt: [],
}
const action = {
  id: 'x',
  node: ADDRESS,
  because: [],
  after: [],
  container: spec,
  helperImage: 'r/tools:v1',
  dockerRootDir: '/var/lib/docker',
  mayHaveOtherLinks: false,
} as const

describe('creating a container', () => {
  it('links its log before it starts, so that a run that ends in between leaves no unlinked container running', async () => {
    const { node, context } = bench(ADDRESS)
    const { docker } = node(ADDRESS)
    docker.addImage('r/h:v1')
    docker.addImage('r/tools:v1')
    await containerCreate.run({ kind: 'container.create', ...action }, context)
    const id = (await docker.inspectContainer('kubelet'))?.Id
    const steps = docker.changes.filter((step) => !step.startsWith('removeContainer'))
    expect(steps).toEqual([
      'createContainer kubelet',
      'createContainer rke-log-linker',
      expect.stringMatching(/^putArchive /),
      `startContainer ${id}`,
    ])
    expect(docker.containers.get('kubelet')?.status).toBe('running')
  })

  it('does not start one that only lends its volume', async () => {
    const { node, context } = bench(ADDRESS)
    const { docker } = node(ADDRESS)
    docker.addImage('r/h:v1')
    const lender = { ...action, container: { ...spec, name: 'service-sidekick', createdOnly: true } }
    await containerCreate.run({ kind: 'container.create', ...lender }, context)
    expect(docker.containers.get('service-sidekick')?.status).toBe('created')
    expect(docker.changes).toEqual(['createContainer service-sidekick'])
  })
})

describe('starting a container again', () => {
  it('has Docker start it again from then on, whatever a replacement that was cut off had told Docker', async () => {
    const { node, context } = bench(ADDRESS)
    const { docker } = node(ADDRESS)
    docker.addImage('r/h:v1')
    docker.addImage('r/tools:v1')
    docker.addContainer(
      'kubelet',
      { Image: 'r/h:v1', HostConfig: { RestartPolicy: { Name: 'no' } } },
      'exited',
    )
    await containerStart.run({ kind: 'container.start', ...action }, context)
    expect(docker.containers.get('kubelet')).toMatchObject({ status: 'running', restartPolicy: 'always' })
  })
})

describe('replacing a container', () => {
  it('brings the old one back when the new one does not start', async () => {
    const { node, context } = bench(ADDRESS)
    const { docker } = node(ADDRESS)
    docker.addImage('r/h:v0')
    docker.addImage('r/h:v1')
    docker.addImage('r/tools:v1')
    docker.addContainer(
      'kubelet',
      { Image: 'r/h:v0', HostConfig: { RestartPolicy: { Name: 'always' } } },
      'running',
    )
    let starts = 0
    docker.beforeCall = (name) => {
      if (name === 'startContainer' && ++starts === 1) throw new DockerError('no space left on device')
    }
    await expect(containerReplace.run({ kind: 'container.replace', ...action }, context)).rejects.toThrow(
      'no space left on device',
    )
    const back = await docker.inspectContainer('kubelet')
    expect([back?.Config.Image, back?.State.Running]).toEqual(['r/h:v0', true])
    expect(docker.containers.has('old-kubelet')).toBe(false)
  })
})

describe('pulling an image', () => {
  it('hands over the credentials of its registry', async () => {
    const { node, context } = bench(ADDRESS)
    const auth = new Secret({ username: 'u', password: 'p' })
    await imagePull.run(
      { kind: 'image.pull', id: 'x', node: ADDRESS, because: [], after: [], image: 'reg.local/a:1' },
      { ...context, credentials: async (image) => (image.startsWith('reg.local/') ? auth : undefined) },
    )
    const pull = node(ADDRESS).docker.calls.find(({ name }) => name === 'pullImage')
    expect(pull?.args[1]).toMatchObject({ auth })
  })
})

describe('the SELinux check', () => {
  const selinux = {
    kind: 'selinux.check',
    id: 'x',
    node: ADDRESS,
    because: [],
    after: [],
    image: 'r/tools:v1',
  } as const

  it('runs a container with the type of ours and leaves none behind', async () => {
    const { node, context } = bench(ADDRESS)
    const { docker } = node(ADDRESS)
    docker.addImage('r/tools:v1')
    await selinuxCheck.run(selinux, context)
    const create = docker.calls.find(({ name }) => name === 'createContainer')
    expect(create?.args[1]).toMatchObject({ HostConfig: { SecurityOpt: ['label=type:rke_container_t'] } })
    expect(docker.containers.size).toBe(0)
  })

  it('says which package is missing when SELinux does not know the type', async () => {
    const { node, context } = bench(ADDRESS)
    const { docker } = node(ADDRESS)
    docker.addImage('r/tools:v1')
    docker.beforeCall = (name) => {
      if (name === 'startContainer') throw new DockerError('write /proc/self/attr/exec: invalid argument')
    }
    await expect(selinuxCheck.run(selinux, context)).rejects.toMatchObject({
      host: ADDRESS,
      hint: expect.stringContaining('rancher-selinux'),
    })
  })
})
