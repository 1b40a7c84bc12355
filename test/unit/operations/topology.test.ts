import { expect, test } from 'vitest'
import { losesNextConnection } from '../../sim/kubelet-reach.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { cluster } from './clusters.ts'
import { expectSameCluster, expectTidy, goOn, killedInWrite, killedWhen, storedAuthority } from './crash.ts'
import { randomKills, randomNumbers, seed } from './random.ts'
import { roleTaints, taintsOf } from './role-taints.ts'
import { eventsOf, Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const EVERY_MACHINE = cluster({ 11: ALL, 12: ALL, 13: ALL, 14: ALL })

interface Change {
  readonly what: string
  readonly before: Readonly<Record<number, string>>
  readonly after: Readonly<Record<number, string>>
  /** What happened to the machines meanwhile. */
  readonly damage?: (scenario: Scenario) => void
}

const machine = (last: number, { world }: Scenario): SimMachine => world.machine(`10.66.0.${last}`)

/** A machine that was installed anew. */
function wipe({ docker, disk }: SimMachine): void {
  for (const { name } of [...docker.containers]) docker.remove(name, true)
  docker.images.clear()
  for (const path of ['/etc/kubernetes', '/var/lib/etcd', '/var/lib/rancher']) disk.remove(path)
}

function lose(lost: SimMachine): void {
  wipe(lost)
  lost.reachable = false
}

const CHANGES: readonly Change[] = [
  { what: 'one node becomes three', before: { 11: ALL }, after: { 11: ALL, 12: ALL, 13: ALL } },
  { what: 'three nodes become one', before: { 11: ALL, 12: ALL, 13: ALL }, after: { 12: ALL } },
  { what: 'a worker comes', before: { 11: ALL }, after: { 11: ALL, 12: 'worker' } },
  { what: 'a worker goes', before: { 11: ALL, 12: 'worker' }, after: { 11: ALL } },
  {
    what: 'a node takes the place of another',
    before: { 11: ALL, 12: ALL, 13: ALL },
    after: { 12: ALL, 13: ALL, 14: ALL },
  },
  {
    what: 'a node takes the place of one that is lost',
    before: { 11: ALL, 12: ALL, 13: ALL },
    after: { 11: ALL, 12: ALL, 14: ALL },
    damage: (scenario) => lose(machine(13, scenario)),
  },
  {
    what: 'a machine was installed anew',
    before: { 11: ALL, 12: ALL, 13: ALL },
    after: { 11: ALL, 12: ALL, 13: ALL },
    damage: (scenario) => wipe(machine(11, scenario)),
  },
  {
    what: 'workers become etcd nodes',
    before: { 11: ALL, 12: 'worker', 13: 'worker' },
    after: { 11: ALL, 12: 'etcd, worker', 13: 'etcd, worker' },
  },
  {
    what: 'etcd nodes become workers',
    before: { 11: ALL, 12: 'etcd, worker', 13: 'etcd, worker' },
    after: { 11: ALL, 12: 'worker', 13: 'worker' },
  },
  {
    what: 'workers become control plane nodes without etcd',
    before: { 11: ALL, 12: 'worker', 13: 'worker' },
    after: { 11: ALL, 12: 'controlplane, worker', 13: 'controlplane' },
  },
  {
    what: 'nodes lose the worker role',
    before: { 11: ALL, 12: 'etcd, worker', 13: 'worker, controlplane', 14: 'worker' },
    after: { 11: 'controlplane, etcd', 12: 'etcd', 13: 'controlplane', 14: 'worker' },
  },
  {
    what: 'the control plane moves',
    before: { 11: 'controlplane', 12: 'etcd', 13: 'worker' },
    after: { 11: 'worker', 12: 'etcd', 13: 'controlplane' },
  },
]

/** The cluster as it was built, with the cluster file of the change. */
async function changing({ before, after, damage }: Change): Promise<Scenario> {
  const scenario = (await Scenario.up(cluster(before), EVERY_MACHINE)).with(cluster(after))
  damage?.(scenario)
  return scenario
}

/** The cluster is that of its file, and machines that are not in it, and can be reached, have nothing of it. */
async function expectChanged(scenario: Scenario, authority: string | undefined): Promise<void> {
  await expectSameCluster(scenario, authority)
  expectTidy(scenario)
  const { config, world, kube } = scenario
  const wanted = config.nodes.map(({ address }) => address)
  expect(
    kube
      .list('v1', 'Node')
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual([...wanted].sort())
  expect(kube.list('v1', 'Node').flatMap(roleTaints).sort()).toEqual(
    config.nodes.flatMap(({ address, role }) => taintsOf(role).map((taint) => `${address} ${taint}`)).sort(),
  )
  expect(world.machines.filter(losesNextConnection).map(({ address }) => address)).toEqual([])
  const voters = config.nodes
    .filter(({ role }) => role.includes('etcd'))
    .map(({ internalAddress }) => internalAddress)
  const members = world.machines.find(({ etcd }) => etcd !== undefined)?.etcd?.cluster.members ?? []
  expect(members.map(({ peerUrl }) => new URL(peerUrl).hostname).sort()).toEqual([...voters].sort())
  expect(members.filter(({ isLearner }) => isLearner)).toEqual([])
  for (const { address, docker, disk, reachable } of world.machines) {
    if (wanted.includes(address) || !reachable) continue
    expect(docker.containers.map(({ name }) => name)).toEqual([])
    expect([...disk.below('/etc/kubernetes'), ...disk.below('/var/lib/etcd')]).toEqual([])
  }
}

for (const change of CHANGES) {
  test(`if ${change.what}, one run makes the cluster what it should be`, async () => {
    const scenario = await changing(change)
    const authority = await storedAuthority(scenario)
    await scenario.up().result
    expect((await scenario.plan()).steps).toEqual([])
    await expectChanged(scenario, authority)
  })
}

test('killed when the state is written while nodes lose the worker role, up goes on and they get their taints', async () => {
  const change = CHANGES.find(({ what }) => what === 'nodes lose the worker role')
  if (change === undefined) throw new TypeError('no change')
  const scenario = await changing(change)
  const authority = await storedAuthority(scenario)
  await killedWhen(scenario, (event) => event.type === 'done' && event.step.id === 'cluster/state')
  await goOn(scenario)
  await expectChanged(scenario, authority)
})

test('flags that etcd reads only on its first start are told, and are no reason to replace it', async () => {
  const [grown] = CHANGES
  if (grown === undefined) throw new TypeError('no change')
  const scenario = await changing(grown)
  await scenario.up().result
  const told = (await eventsOf(scenario.up())).flatMap((event) =>
    event.type === 'notice' && event.area === 'etcd' ? [`${event.node} ${event.text}`] : [],
  )
  expect(told).toContainEqual(
    expect.stringMatching(
      /^10\.66\.0\.11 .*stays as it is.* --initial-cluster: etcd-10\.66\.0\.11=\S+ → etcd-/,
    ),
  )
})

const random = randomNumbers()
const anyOf = <T>(list: readonly T[]): T | undefined => list[random(list.length)]

for (const { number, moment } of randomKills(4, 90)) {
  const change = anyOf(CHANGES)
  if (change === undefined) continue
  test(`killed ${moment} write ${number} while ${change.what}, up goes on (seed ${seed})`, async () => {
    const scenario = await changing(change)
    const authority = await storedAuthority(scenario)
    await killedInWrite(scenario, number, moment)
    await goOn(scenario)
    await expectChanged(scenario, authority)
  })
}

// Members that join a machine that holds other containers already, and one more.
const joining = CHANGES.filter(({ what }) => what === 'workers become etcd nodes')
const others = CHANGES.filter(({ what }) => /place|three/.test(what))

for (const change of [...joining, ...others.slice(random(others.length)).slice(0, 1)]) {
  test(`killed after any step that changes etcd's members while ${change.what}, up goes on`, async () => {
    const { steps } = await (await changing(change)).plan()
    const ofMembers = steps.filter(({ kind }) => kind.startsWith('etcd.member.'))
    expect(ofMembers.length).toBeGreaterThan(0)
    for (const { id } of ofMembers) {
      const scenario = await changing(change)
      const authority = await storedAuthority(scenario)
      await killedWhen(scenario, (event) => event.type === 'done' && event.step.id === id)
      await goOn(scenario)
      await expectChanged(scenario, authority)
    }
  })
}
