import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { openCatalog } from '../../src/index.ts'
import { waitUntil } from '../testbed/wait-until.ts'
import { allRoles, clusterFile, nodeOf } from './support/cluster-file.ts'
import { readyNodes, untilReady } from './support/kube.ts'
import { useMachines } from './support/machines.ts'
import { beginWithOldAuthorities, expire } from './support/old-certificates.ts'
import { Workspace } from './support/workspace.ts'

/**
 * Clusters whose certificates have expired, and whose API is down for that, on one node and on three. Nobody can speak to anybody;
 * SSH and Docker are enough.
 */

const VERSION = 'v1.31.1-rancher1-1'

const machines = useMachines(3, VERSION)
let workspace: Workspace

beforeAll(async () => {
  workspace = await Workspace.create(fileOf(1))
  const { config } = loadConfig(fileOf(1), 'cluster.yml', await openCatalog())
  await beginWithOldAuthorities(workspace, config)
  await workspace.succeed('up')
  await keep('since-the-beginning')
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

describe('one node whose kubelet serves a certificate that has expired, and nothing else', () => {
  beforeAll(() => expire(workspace, machines.slice(0, 1), { only: 'kube-kubelet-' }))

  it('is named by cert check and plan, and logs of its pods cannot be read', async () => {
    await waitUntil('logs to be refused', async () => /certificate has expired/.test(await readLog()), 60_000)
    const { exitCode, stdout } = await workspace.rke(['cert', 'check'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/kube-kubelet-\S+ .* expired .* port 10250 of/)
    const plan = await workspace.rke(['plan'])
    expect(`${plan.stdout}${plan.stderr}`).toMatch(/kube-kubelet-\S+ has ended on .*rke cert rotate/)
  })

  it('is renewed by cert rotate, for which its kubelet alone restarts', async () => {
    const { stdout } = await workspace.succeed('cert', 'rotate', '--service', 'kubelet')
    expect(stdout).toContain('Restart container kubelet')
    expect(stdout).not.toMatch(/Restart container (etcd|kube-)/)
    await waitUntil('logs to be read', async () => !/^refused/.test(await readLog()), 60_000)
    expect((await workspace.rke(['cert', 'check'])).stdout).not.toContain('expired')
  })
})

describe('one node whose certificates have expired', () => {
  beforeAll(() => expire(workspace, machines.slice(0, 1), { authorities: false }))

  it.each([['plan'], ['up'], ['etcd snapshot-save --name now'], ['version']])(
    'rke %s says so, and which command renews them',
    async (command) => {
      const { exitCode, stdout, stderr } = await workspace.rke(command.split(' '))
      expect(exitCode).not.toBe(0)
      expect(`${stdout}${stderr}`).toContain('rke cert rotate')
      if (command !== 'version') {
        expect(`${stdout}${stderr}`).toMatch(/have ended on \d{4}-\d\d-\d\d \(.*10\./)
      }
    },
  )

  it('asks before everything is restarted, and does nothing where nobody can be asked', async () => {
    const { exitCode, stdout, stderr } = await workspace.rke(['cert', 'rotate'])
    expect(exitCode).not.toBe(0)
    expect(`${stdout}${stderr}`).toContain('--yes')
  })

  it('works again after that command, with all that it had', async () => {
    await workspace.succeed('cert', 'rotate', '--yes')
    await expectCluster(1)
  })
})

describe('three nodes whose certificates have expired', () => {
  it('have no quorum, and get it back by the same command', async () => {
    await workspace.write('cluster.yml', fileOf(3))
    await workspace.succeed('up')
    await expire(workspace, machines, { authorities: false })
    await workspace.succeed('cert', 'rotate', '--yes')
    await expectCluster(3)
  })

  it('get another CA where that has expired, too', async () => {
    await expire(workspace, machines, { authorities: true })
    const before = await workspace.authority()
    await workspace.succeed('cert', 'rotate', '--yes')
    expect(await workspace.authority()).not.toBe(before)
    await expectCluster(3)
  })
})

it('prints no key in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

async function keep(name: string): Promise<void> {
  await workspace
    .kube()
    .core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name } } })
}

/** The last line of a pod's log, which the API server gets from the kubelet, or why it does not. */
async function readLog(): Promise<string> {
  const { core } = workspace.kube()
  const { items } = await core.listNamespacedPod({
    namespace: 'kube-system',
    labelSelector: 'k8s-app=flannel',
  })
  const name = items[0]?.metadata?.name ?? ''
  const container = 'kube-flannel'
  const request = { namespace: 'kube-system', name, container, tailLines: 1 }
  return core.readNamespacedPodLog(request).catch((thrown: unknown) => `refused: ${String(thrown)}`)
}

async function expectCluster(count: number): Promise<void> {
  const addresses = machines.slice(0, count).map(({ address }) => address)
  await untilReady(addresses, () => readyNodes(workspace.kube()))
  const { items } = await workspace.kube().core.listNamespacedConfigMap({ namespace: 'default' })
  expect(items.map(({ metadata }) => metadata?.name)).toContain('since-the-beginning')
  expect((await workspace.plan()).actions).toEqual([])
}

function fileOf(count: number): string {
  return clusterFile(
    machines.slice(0, count).map((machine) => nodeOf(machine, allRoles)),
    VERSION,
    { services: { kubelet: { generate_serving_certificate: true } } },
  )
}
