import { expect } from 'vitest'
import type { KubeObject } from '../../../../src/kube/objects/kube-object.ts'
import { parseState, serialiseCopy } from '../../../../src/state/state-json.ts'
import type { SimMachine } from '../../../sim/sim-machine.ts'
import { expectTidy, goOn } from '../crash.ts'
import { Scenario } from '../support.ts'

/** Something that a user of the cluster makes, and finds again if it was in the snapshot. */
export function make(scenario: Scenario, name: string): void {
  const metadata = { namespace: 'default', name, labels: { made: 'yes' } }
  const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
  scenario.kube.create(object)
}

/** Names of what was made and is there. */
export function madeIn({ kube }: Scenario): readonly string[] {
  return kube
    .list('v1', 'ConfigMap', 'default')
    .filter(({ metadata }) => metadata.labels?.made === 'yes')
    .map(({ metadata }) => metadata.name)
    .sort()
}

const saved = new Map<string, Promise<Scenario>>()

/** A cluster with the snapshot `s1`, in which `before` was made before it, and `after` later. A copy for each test. */
export async function withSnapshot(text: string, larger = text): Promise<Scenario> {
  const key = JSON.stringify([text, larger])
  const building = saved.get(key) ?? build(text, larger)
  saved.set(key, building)
  const { config, world, store } = await building
  return new Scenario(config, world.copy(), await store.copy())
}

async function build(text: string, larger: string): Promise<Scenario> {
  const scenario = await Scenario.up(text, larger)
  make(scenario, 'before')
  await scenario.save({ name: 's1' }).result
  make(scenario, 'after')
  return scenario
}

/** Folders that a restore has while it is at work. */
const TRACES =
  /\/(before-restore|setting-aside|putting-back|restoring|discarded|etcd-snapshots-restore)(\/|$)/

/** One etcd with all members of cluster.yml, nothing of another one anywhere, and nothing left to do. */
export async function expectOneWorld(scenario: Scenario): Promise<void> {
  const { config, world, store } = scenario
  const members = world.machines.flatMap(({ etcd, address }) => (etcd === undefined ? [] : { etcd, address }))
  expect(new Set(members.map(({ etcd }) => etcd.cluster.id)).size).toBe(1)
  const etcdNodes = config.nodes.filter(({ role }) => role.includes('etcd'))
  expect(members.map(({ address }) => address).sort()).toEqual(etcdNodes.map(({ address }) => address).sort())
  expect(world.machines.flatMap(traces)).toEqual([])
  const state = (await store.load())?.state
  expect(state?.restoring).toBeUndefined()
  expectTidy(scenario)
  expect(
    scenario.kube
      .list('v1', 'Node')
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(config.nodes.map(({ hostnameOverride }) => hostnameOverride).sort())
  await goOn(scenario, 0)
  if (state !== undefined) expect(copyIn(scenario)).toBe(serialiseCopy(state))
}

const traces = ({ address, disk }: SimMachine): readonly string[] =>
  disk
    .below('/')
    .filter((path) => TRACES.test(path))
    .map((path) => `${address} ${path}`)

/** The state as the cluster has it. */
function copyIn({ kube }: Scenario): string {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name: 'full-cluster-state' }
  const data: unknown = Reflect.get(kube.find(ref), 'data')
  const text = Object.values(data as Record<string, string>)[0] ?? ''
  return serialiseCopy(parseState(Buffer.from(text, 'base64').toString('utf8'), 'the copy'))
}
