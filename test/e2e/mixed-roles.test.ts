import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clusterFile, nodeOf, ORIGINAL_KUBELET } from './support/cluster-file.ts'
import { dockerEvents, machineTime } from './support/docker-events.ts'
import { type Drift, drifts } from './support/drifts.ts'
import {
  deploymentReady,
  type Kube,
  kubeSystemNames,
  rbacNames,
  readyNodes,
  untilReady,
} from './support/kube.ts'
import { nodeFacts, recordedNodeFacts } from './support/kube-nodes.ts'
import { linesOf, shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { runInPod, serve } from './support/pods.ts'
import {
  containersOn,
  filesOn,
  recorded,
  recordedContainers,
  recordedFiles,
  recordedLines,
} from './support/recorded-cluster.ts'
import { recreateAsRecorded } from './support/recorded-takeover.ts'
import { saveAsRke } from './support/rke-save.ts'
import type { Plan } from './support/workspace.ts'
import { Workspace } from './support/workspace.ts'

// The version of the recorded cluster.
const VERSION = 'v1.30.4-rancher1-1'
const TAINT = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }
const WITHIN = { timeout: 45_000, interval: 500 }

const machines = useMachines(3, VERSION)
let workspace: Workspace
let kube: Kube

beforeAll(async () => {
  workspace = await Workspace.create(
    clusterFile(
      [
        nodeOf(at(machines, 0), ['controlplane', 'etcd'], { user: 'root', hostname_override: 'master-1' }),
        nodeOf(at(machines, 1), ['worker'], { labels: { tier: 'front' } }),
        nodeOf(at(machines, 2), ['worker'], { taints: [TAINT] }),
      ],
      VERSION,
      { services: { kubelet: ORIGINAL_KUBELET } },
    ),
  )
  await workspace.succeed('up')
  kube = workspace.kube()
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

const addressOf = (index: number): string => at(machines, index).address

describe('a cluster of one control plane and etcd node and two workers is as RKE 1.6 makes it', () => {
  it('has all nodes ready', async () => {
    expect(await readyNodes(kube)).toEqual([addressOf(1), addressOf(2), 'master-1'].sort())
  })

  it('has the same labels, annotations and taints on its nodes', async () => {
    const wanted = recordedNodeFacts(recorded('nodes.json', machines))
    await expect.poll(() => nodeFacts(kube), WITHIN).toEqual(wanted)
  })

  it.each([0, 1, 2])('has the same containers on node %i', async (index) => {
    expect(await containersOn(at(machines, index))).toEqual(recordedContainers(index, machines))
  })

  it.each([0, 1, 2])('has the same files with the same modes on node %i', async (index) => {
    await expect.poll(() => filesOn(at(machines, index)), WITHIN).toEqual(recordedFiles(index, machines))
  })

  it('has objects of the same names in kube-system, and the same roles and bindings', async () => {
    const names = recordedLines('kube-system-names.txt', machines)
    await expect.poll(() => kubeSystemNames(kube), WITHIN).toEqual(names)
    expect(await rbacNames(kube)).toEqual(recordedLines('rbac-names.txt', machines))
  })

  it.each([0, 1, 2])('keeps on node %i one link to the log of each service', async (index) => {
    await expectLogLinks(index)
  })
})

describe('pods in it', () => {
  it('reach a Service of a pod on the other worker by its name', async () => {
    await deploymentReady(kube, 'coredns')
    const tolerations = [{ key: TAINT.key, operator: 'Exists' }]
    await serve(kube, 'server', { node: addressOf(2), tolerations })
    const url = 'http://server.default.svc.cluster.local/'
    expect(await runInPod(kube, 'caller', { node: addressOf(1) }, ['get', url])).toBe('server\n')
  })

  it('are measured: the metrics API knows all nodes', async () => {
    const names = async (): Promise<readonly string[]> => {
      const of = { group: 'metrics.k8s.io', version: 'v1beta1', plural: 'nodes' }
      const { items }: { items: readonly { metadata: { name: string } }[] } =
        await kube.custom.listClusterCustomObject(of)
      return items.map(({ metadata }) => metadata.name).sort()
    }
    await expect
      .poll(() => names().catch(String), WITHIN)
      .toEqual([addressOf(1), addressOf(2), 'master-1'].sort())
  })
})

describe('what was changed behind the back of the program', () => {
  let all: readonly Drift[]
  let plan: Plan

  beforeAll(async () => {
    all = drifts(() => kube, [at(machines, 0), at(machines, 1), at(machines, 2)])
    const before = await workspace.plan()
    expect(before).toMatchObject({ exitCode: 0, actions: [] })
    for (const { cause } of all) await cause()
    plan = await workspace.plan()
  })

  it('is in the plan, all of it with its reason, and nothing else', () => {
    expect(plan.exitCode).toBe(2)
    const found = all.flatMap((drift) => Object.entries(drift.found))
    for (const [id, reason] of found) {
      const action = plan.actions.find((one) => one.id === id)
      expect(action?.because.join('; '), id).toContain(reason)
    }
    const expected = new Set(found.map(([id]) => id))
    expect(plan.actions.map(({ id }) => id).sort()).toEqual([...expected].sort())
  })

  it('is repaired by up, which does what was planned', async () => {
    const { events } = await workspace.succeed('up', '--output', 'json')
    const done = events.flatMap((event) => (event.type === 'done' ? (event.step ?? '') : []))
    expect(done.sort()).toEqual(plan.actions.map(({ id }) => id).sort())
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })

  it.each([0, 1, 2])('leaves containers, files and log links of node %i as they were', async (index) => {
    await expect
      .poll(() => containersOn(at(machines, index)), WITHIN)
      .toEqual(recordedContainers(index, machines))
    await expect.poll(() => filesOn(at(machines, index)), WITHIN).toEqual(recordedFiles(index, machines))
    await expectLogLinks(index)
  })

  it('leaves nodes and objects as they were', async () => {
    const wanted = recordedNodeFacts(recorded('nodes.json', machines))
    await expect.poll(() => nodeFacts(kube), WITHIN).toEqual(wanted)
    const names = recordedLines('kube-system-names.txt', machines)
    await expect.poll(() => kubeSystemNames(kube), WITHIN).toEqual(names)
  })
})

describe('a cluster as RKE leaves it', () => {
  const state = (): string => workspace.path('cluster.rkestate')

  beforeAll(async () => {
    for (const index of machines.keys()) await recreateAsRecorded(index, machines)
    await untilReady([addressOf(1), addressOf(2), 'master-1'], () => readyNodes(kube).catch(() => []))
    // RKE notes neither in its state nor in its Jobs what this program does.
    const { copiesInCluster: _ours, ...theirs } = JSON.parse(await readFile(state(), 'utf8'))
    await writeFile(state(), JSON.stringify(theirs, undefined, 2))
    const { items } = await kube.batch.listNamespacedJob({ namespace: 'kube-system' })
    for (const job of items) {
      await kube.batch.replaceNamespacedJob({
        namespace: 'kube-system',
        name: job.metadata?.name ?? '',
        body: { ...job, metadata: { ...job.metadata, annotations: {} } },
      })
    }
  })

  it('needs nothing: neither plan nor up changes anything, not even the state file', async () => {
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    const before = await readFile(state(), 'utf8')
    const since = await Promise.all(machines.map(machineTime))
    const { stdout } = await workspace.succeed('up')
    expect(stdout).toContain('Planned 0 steps')
    for (const [index, machine] of machines.entries()) {
      expect(await dockerEvents(machine, since[index] ?? '')).toEqual([])
    }
    expect(await readFile(state(), 'utf8')).toBe(before)
  })

  it('comes back from a snapshot that RKE made, and is what RKE makes again', async () => {
    const { core } = kube
    const names = async (): Promise<readonly string[]> => {
      const { items } = await workspace.kube().core.listNamespacedConfigMap({ namespace: 'default' })
      return items.map(({ metadata }) => metadata?.name ?? '').sort()
    }
    const before = await names()
    await saveAsRke(at(machines, 0), 'made-by-rke', await readFile(state(), 'utf8'))
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'after' } } })
    await workspace.succeed('etcd', 'snapshot-restore', '--name', 'made-by-rke', '--yes')
    expect(await names()).toEqual(before)
    expect(await readyNodes(workspace.kube())).toEqual([addressOf(1), addressOf(2), 'master-1'].sort())
    for (const index of machines.keys()) {
      expect(await containersOn(at(machines, index))).toEqual(recordedContainers(index, machines))
    }
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

/** Every service container that has run has one link, which leads to its log, and there is no other. */
async function expectLogLinks(index: number): Promise<void> {
  const machine = at(machines, index)
  const names = "docker ps --no-trunc --format '{{.Names}}_{{.ID}}.log'"
  const links = await linesOf(machine, 'ls /var/lib/rancher/rke/log')
  expect(links).toEqual(await linesOf(machine, names))
  expect(await shell(machine, 'find /var/lib/rancher/rke/log -xtype l')).toBe('')
}
