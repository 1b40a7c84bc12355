import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Machine } from '../testbed/index.ts'
import { type Chronicle, keepChronicle } from './support/chronicle.ts'
import { dnsEndpoints, dnsPlaces, exposeDns, lookUp, spreadDns } from './support/cluster-dns.ts'
import { clusterFile, type Fields, nodeOf, WITHOUT_METRICS } from './support/cluster-file.ts'
import { type Constantly, constantly } from './support/constantly.ts'
import { shell } from './support/machine-shell.ts'
import { type MachineState, machineChanges, machineState } from './support/machine-state.ts'
import { at, useMachines } from './support/machines.ts'
import { makePods, PAUSE, podsMade } from './support/played-kubelet.ts'
import { lastLines, type RkeEvent } from './support/rke-process.ts'
import { Workspace } from './support/workspace.ts'

/** Workers leave, with all that runs on them, while a client looks up names in the cluster's DNS all the time. */

const VERSION = 'v1.31.1-rancher1-1'
const TWO_SERVERS = { dns: { linear_autoscaler_params: { min: 2 } } }

const machines = useMachines(3, VERSION)
const controlPlane = (): Machine => at(machines, 0)
const first = (): Machine => at(machines, 1)
const second = (): Machine => at(machines, 2)

let workspace: Workspace
let lookups: Constantly
let chronicle: Chronicle
/** What the last run did, and when. */
let steps: string[] = []
let empty: MachineState

beforeAll(async () => {
  await shell(first(), `docker run -d --name bystander ${PAUSE}`)
  empty = await machineState(first())
  workspace = await Workspace.create(fileOf([first()], TWO_SERVERS))
  await workspace.succeed('up')
  const kube = workspace.kube()
  expect(await dnsPlaces(kube, 2)).toEqual([first().address, first().address])
  await exposeDns(kube, controlPlane().address)
  chronicle = keepChronicle(() => workspace.kube(), { endpoints: dnsEndpoints })
  lookups = constantly(100, () => lookUp(controlPlane().address))
})

afterAll(async () => {
  await lookups?.stop()
  await chronicle?.stop()
  await workspace?.[Symbol.asyncDispose]()
})

describe('a worker that is replaced, and has all servers of cluster DNS', () => {
  let events: readonly RkeEvent[]

  it('leaves only when the new one is Ready', async () => {
    await workspace.write('cluster.yml', fileOf([second()], TWO_SERVERS))
    events = await upWhile(() => makePods(first()))
    const moment = (type: string, id: string): number =>
      events.findIndex((event) => event.type === type && event.step === id)
    expect(moment('done', `node/${second().address}/ready`)).toBeGreaterThan(-1)
    expect(moment('started', `node/${first().address}/cordon`)).toBeGreaterThan(
      moment('done', `node/${second().address}/ready`),
    )
  })

  it('loses no lookup', expectNoLoss)

  it('leaves its machine as it was, without the containers that a kubelet made after the plan, with others', async () => {
    expect(await podsMade(first())).toBeGreaterThan(2)
    expect(machineChanges(empty, await machineState(first()))).toEqual([])
  })

  it('leaves no pod behind in Kubernetes, and nothing to do', async () => {
    await expectNoPodsOn(first())
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('the only worker but one', () => {
  it('has one of two servers of cluster DNS, as the autoscaler wants it', async () => {
    await workspace.write('cluster.yml', fileOf([first(), second()], {}))
    await workspace.succeed('up')
    const kube = workspace.kube()
    const both = [first().address, second().address].sort()
    if ((await dnsPlaces(kube, 2)).join() !== both.join()) await spreadDns(kube)
    expect(await dnsPlaces(kube, 2)).toEqual(both)
    expectNoLoss()
  })

  it('leaves without a lookup that is lost, though then one server is enough', async () => {
    await workspace.write('cluster.yml', fileOf([second()], {}))
    await upWhile(() => makePods(first()))
    expect(await dnsPlaces(workspace.kube(), 1)).toEqual([second().address])
    expectNoLoss()
    await expectNoPodsOn(first())
    expect(machineChanges(empty, await machineState(first()))).toEqual([])
  })
})

describe('remove', () => {
  it('takes off the containers that a kubelet makes while it is at work, too', async () => {
    await lookups.stop()
    await chronicle.stop()
    await makePods(second())
    await workspace.succeed('remove', '--force')
    expect(await podsMade(second())).toBeGreaterThan(0)
    expect(await shell(second(), 'docker ps --all --quiet')).toBe('')
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

function fileOf(workers: readonly Machine[], more: Fields): string {
  const nodes = [
    nodeOf(controlPlane(), ['controlplane', 'etcd']),
    ...workers.map((machine) => nodeOf(machine, ['worker'])),
  ]
  return clusterFile(nodes, VERSION, { ...WITHOUT_METRICS, ...more })
}

/** An `up` that must succeed, and what is done as soon as it has made its plan; gives its events. */
async function upWhile(run: () => Promise<unknown>): Promise<readonly RkeEvent[]> {
  const result = await workspace.rke(['up', '--output', 'json'], {
    meanwhile: { at: ({ type }) => type === 'planned', run },
  })
  expect(result.exitCode, lastLines(result)).toBe(0)
  steps = result.events.map(({ at: when, type, step = '' }) => `${when} ${type} ${step}`)
  return result.events
}

function expectNoLoss(): void {
  const { made, failures } = lookups.take()
  const happened = [chronicle.take(), ...steps.splice(0)].join('\n')
  expect(made).toBeGreaterThan(50)
  expect(failures, happened).toEqual([])
}

/** But for those that end in their own time: Kubernetes forgets them when that is over. */
async function expectNoPodsOn({ address }: Machine): Promise<void> {
  const { items } = await workspace.kube().core.listPodForAllNamespaces({
    fieldSelector: `spec.nodeName=${address}`,
  })
  const staying = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
  expect(staying.map(({ metadata }) => metadata?.name)).toEqual([])
}
