import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRoles, clusterFile, nodeOf } from '../e2e/support/cluster-file.ts'
import { stepEvent } from '../e2e/support/events.ts'
import { readyNodes, untilReady } from '../e2e/support/kube.ts'
import { kubeletVersions } from '../e2e/support/kube-nodes.ts'
import { at, useMachines } from '../e2e/support/machines.ts'
import { lastLines } from '../e2e/support/rke-process.ts'
import { WebClients } from '../e2e/support/web-clients.ts'
import { Workspace } from '../e2e/support/workspace.ts'
import { kubernetesVersions } from '../testbed/image-sets.ts'

/**
 * A cluster of three control plane nodes and two workers that climbs through every Kubernetes version that the testbed has,
 * while a client asks a Service. Each upgrade is killed at each of its nodes and run again.
 */

const machines = useMachines(5, ...kubernetesVersions)
let workspace: Workspace
let clients: WebClients

beforeAll(async () => {
  workspace = await Workspace.create(fileOf(at(kubernetesVersions, 0)))
  await workspace.succeed('up')
  clients = await WebClients.start(workspace, at(machines, 0))
})

afterAll(async () => {
  await clients?.stop()
  await workspace?.[Symbol.asyncDispose]()
})

test.each(kubernetesVersions.slice(1))(
  'an upgrade to %s, killed at each node, loses no request',
  async (version) => {
    await workspace.write('cluster.yml', fileOf(version))
    for (const { address } of machines) {
      const killAt = stepEvent('done', 'container.replace', `${address}/container/kubelet`)
      const killed = await workspace.rke(['up', '--output', 'json'], { killAt })
      expect(killed.triggered, lastLines(killed)).toBe(true)
    }
    await workspace.succeed('up')
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    const addresses = machines.map(({ address }) => address).sort()
    const kubelet = version.replace(/-rancher.*$/, '')
    expect(await kubeletVersions(workspace.kube())).toEqual(
      addresses.map((address) => `${address} ${kubelet}`),
    )
    await untilReady(addresses, () => readyNodes(workspace.kube()))
    clients.expectNoLoss()
  },
)

test('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

function fileOf(version: string): string {
  const nodes = machines.map((machine, index) => nodeOf(machine, index < 3 ? allRoles : ['worker']))
  return clusterFile(nodes, version, { upgrade_strategy: { drain: true } })
}
