import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRoles, clusterFile, nodeOf } from '../e2e/support/cluster-file.ts'
import { stepEvent } from '../e2e/support/events.ts'
import { at, useMachines } from '../e2e/support/machines.ts'
import { lastLines } from '../e2e/support/rke-process.ts'
import { containersOf, touched } from '../e2e/support/touched-containers.ts'
import { WebClients } from '../e2e/support/web-clients.ts'
import { Workspace } from '../e2e/support/workspace.ts'

/** Changes of all kubelets of eight nodes, which are drained one after the other, while a client asks a Service. */

const VERSION = 'v1.31.1-rancher1-1'
const ROUNDS = Number(process.env.RKE_TEST_ROUNDS ?? 3)

const machines = useMachines(8, VERSION)
let workspace: Workspace
let clients: WebClients

beforeAll(async () => {
  workspace = await Workspace.create(fileOf(0))
  await workspace.succeed('up')
  clients = await WebClients.start(workspace, at(machines, 0))
})

afterAll(async () => {
  await clients?.stop()
  await workspace?.[Symbol.asyncDispose]()
})

const rounds = Array.from({ length: ROUNDS }, (_, index) => index + 1)

test.each(rounds)(
  'rollout %i, killed at each node, replaces each kubelet once and loses no request',
  async (round) => {
    await workspace.write('cluster.yml', fileOf(round))
    const kubelets = new Set(machines.map(({ address }) => `${address}/kubelet`))
    let before = await containersOf(machines)
    while (kubelets.size > 0) {
      const killAt = stepEvent('done', 'container.replace', '/container/kubelet')
      const killed = await workspace.rke(['up', '--output', 'json'], { killAt })
      expect(killed.triggered, lastLines(killed)).toBe(true)
      const after = await containersOf(machines)
      const changed = touched(before, after)
      expect(changed).not.toEqual([])
      for (const kubelet of changed) expect(kubelets.delete(kubelet), `${kubelet} once`).toBe(true)
      before = after
    }
    await workspace.succeed('up')
    expect(touched(before, await containersOf(machines))).toEqual([])
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    clients.expectNoLoss()
  },
)

test('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

function fileOf(round: number): string {
  const nodes = machines.map((machine, index) => nodeOf(machine, index === 0 ? allRoles : ['worker']))
  return clusterFile(nodes, VERSION, {
    services: {
      kubelet: { extra_args: { 'max-pods': String(100 + round) } },
    },
    upgrade_strategy: { drain: true },
  })
}
