import { expect, test } from 'vitest'
import type { KubeObject } from '../../../src/kube/objects/kube-object.ts'
import { SimDisk } from '../../sim/disk.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { ONE_NODE, TWO_NODES } from './clusters.ts'
import { expectSameCluster, expectTidy, goOn, killedInWrite, killedWhen, storedAuthority } from './crash.ts'
import { randomKills, seed } from './random.ts'
import { Scenario } from './support.ts'

/** Folders that Docker makes for binds, that hold nothing of a cluster, and that other programs use as well. */
const SHARED = ['/etc/cni', '/opt', '/var/lib/rancher']

/** What is on a machine's disk that was not there before any cluster. */
function remains({ disk }: SimMachine): readonly string[] {
  const ordinary = new Set(new SimDisk().below('/'))
  return disk
    .below('/')
    .filter((path) => !ordinary.has(path) && !SHARED.some((shared) => path === shared))
    .filter((path) => !path.startsWith('/var/lib/docker/') && path !== '/var/log')
}

async function expectGone(scenario: Scenario): Promise<void> {
  for (const machine of scenario.world.machines) {
    expect(machine.docker.containers.map(({ name }) => name)).toEqual([])
    expect(remains(machine)).toEqual([])
  }
  expect(await scenario.store.load()).toBeUndefined()
}

const example = await Scenario.up(ONE_NODE)
example.writes()
const removal = example.remove()
const ids: string[] = []
for await (const event of removal) if (event.type === 'planned') ids.push(...event.steps.map(({ id }) => id))
await removal.result
const writes = example.writes().length

test('remove takes everything of the cluster off all machines, and deletes the state', async () => {
  await expectGone(example)
})

test('remove takes a cluster of several machines off all of them', async () => {
  const scenario = await Scenario.up(TWO_NODES)
  expect((await scenario.remove().result).cleaned).toEqual(['10.66.0.11', '10.66.0.12'])
  await expectGone(scenario)
})

test('remove can be repeated, and after it up builds a new cluster with an authority of its own', async () => {
  const scenario = await Scenario.up(ONE_NODE)
  const before = await storedAuthority(scenario)
  await scenario.remove().result
  await scenario.remove().result
  await expectGone(scenario)
  await goOn(scenario)
  expect(await storedAuthority(scenario)).not.toBe(before)
  await expectSameCluster(scenario, await storedAuthority(scenario))
  expectTidy(scenario)
})

test('remove clears what a killed up left', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  await killedWhen(scenario, (event) => event.type === 'done' && event.step.id.endsWith('container/kubelet'))
  await scenario.remove().result
  await expectGone(scenario)
})

for (const [index, id] of ids.entries()) {
  test(`killed after step ${index + 1} of a removal, ${id}, remove goes on`, async () => {
    const scenario = await Scenario.up(ONE_NODE)
    const isIt = (event: { type: string; step?: { id: string } }) =>
      event.type === 'done' && event.step?.id === id
    await killedWhen(scenario, isIt, 'remove')
    await scenario.remove().result
    await expectGone(scenario)
  })
}

for (const { number, moment } of randomKills(4, writes - 1)) {
  test(`killed ${moment} write ${number} of a removal, up brings the cluster back (seed ${seed})`, async () => {
    const scenario = await Scenario.up(ONE_NODE)
    const authority = await storedAuthority(scenario)
    await killedInWrite(scenario, number, moment, 'remove')
    await goOn(scenario)
    await expectSameCluster(scenario, authority)
    expectTidy(scenario)
  })
}

test('remove stays away from a cluster that somebody else is changing, unless it breaks the lock', async () => {
  const scenario = await Scenario.up(ONE_NODE)
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }
  scenario.kube.create({
    ...lease,
    metadata: { name: 'rke-run', namespace: 'kube-system' },
    spec: { holderIdentity: 'anna@laptop:/prod/cluster.yml', renewTime: new Date().toISOString() },
  } as KubeObject)
  scenario.writes()
  await expect(scenario.remove({ owner: 'berta@office:/cluster.yml' }).result).rejects.toThrow(
    'this cluster is being changed by anna@laptop:/prod/cluster.yml',
  )
  expect(scenario.writes()).toEqual([])
  await scenario.remove({ owner: 'berta@office:/cluster.yml', breakLock: true }).result
  await expectGone(scenario)
})

test('remove does not need an API that answers', async () => {
  const scenario = await Scenario.up(ONE_NODE)
  scenario.world.machine('10.66.0.11').docker.stop('etcd')
  await scenario.remove({ owner: 'berta@office:/cluster.yml' }).result
  await expectGone(scenario)
})
