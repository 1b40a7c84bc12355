import { rm } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ownAddress } from '../../../src/cli/local/own-address.ts'
import { TWO_NODES } from '../operations/clusters.ts'
import type { CliCluster } from './cli-cluster.ts'
import { useClusters } from './use-clusters.ts'

const internalAddress = (await ownAddress()) ?? '127.0.0.1'
const THIS_MACHINE = `nodes:
  - {address: 127.0.0.1, internal_address: ${internalAddress}, user: root, role: [controlplane, etcd, worker]}
`

const clusters = useClusters()

async function here(file: string): Promise<CliCluster> {
  return clusters.of(file, THIS_MACHINE)
}

function kubeletArguments({ world }: CliCluster): readonly string[] {
  const { Entrypoint, Cmd } = world.machine('127.0.0.1').docker.find('kubelet').spec
  return [...(Entrypoint ?? []), ...(Cmd ?? [])]
}

describe('--local', () => {
  test('makes this machine the cluster, whatever nodes the file names', async () => {
    const home = await here(`${TWO_NODES}services: {kubelet: {extra_args: {v: "3"}}}\n`)
    const { code, out } = await home.rke('up --local')
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(home.kube.list('v1', 'Node').map(({ metadata }) => metadata.name)).toEqual(['localhost'])
    expect(kubeletArguments(home)).toContain('--v=3')
    expect((await home.rke('plan --local')).code).toBe(0)
  })

  test('needs no file; then swap may stay on', async () => {
    const home = await here('')
    await rm(home.path('cluster.yml'))
    expect((await home.rke('up --local')).code).toBe(0)
    expect(kubeletArguments(home)).toContain('--fail-swap-on=false')
    expect(JSON.parse(await home.read('cluster.rkestate'))).toMatchObject({
      desiredState: {
        rkeConfig: {
          nodes: [{ address: '127.0.0.1', internalAddress, hostnameOverride: 'localhost', user: 'root' }],
        },
      },
    })
  })

  test('removes it without asking', async () => {
    const home = await here('')
    await home.rke('up --local')
    const { code, out } = await home.rke('remove --local')
    expect(code).toBe(0)
    expect(out).toContain('Cluster removed successfully')
    expect(home.world.machine('127.0.0.1').docker.containers).toEqual([])
  })
})
