import { describe, expect, test } from 'vitest'
import { ADDON_NAMES } from '../../../src/addons/addon-names.ts'
import type { Event } from '../../../src/engine/events.ts'
import { ONE_NODE } from './clusters.ts'
import { eventsOf, Scenario } from './support.ts'

const of = (version: string, more = '') => ONE_NODE.replace('v1.30.4-rancher1-1', version) + more
const V120 = of('v1.20.11-rancher1-1')
const WITHOUT_ADDONS = V120.replace('flannel', 'none').concat(
  'dns: {provider: none}\nmonitoring: {provider: none}\n',
)

/** A cluster of v1.20 with add-ons that RKE installed. */
async function madeByRke(): Promise<Scenario> {
  const scenario = await Scenario.up(WITHOUT_ADDONS)
  for (const addon of ['network', 'coredns', 'metrics-server'] as const) {
    const name = ADDON_NAMES[addon]
    const namespace = 'kube-system'
    const text =
      'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: kube-flannel, namespace: kube-system}\n'
    const job = { namespace, name: `${name}-deploy-job` }
    const stored = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data: { [name]: text },
    }
    const done = { conditions: [{ type: 'Complete', status: 'True' }] }
    const deployed = { apiVersion: 'batch/v1', kind: 'Job', metadata: job, status: done }
    for (const object of [stored, deployed]) scenario.kube.create(object)
  }
  return scenario.with(V120)
}

const warningsOf = async (run: AsyncIterable<Event>): Promise<readonly string[]> =>
  (await eventsOf(run)).flatMap((event) =>
    event.type === 'notice' && event.level === 'warning' ? event.text : [],
  )

describe('a cluster of v1.20 that RKE made', () => {
  test('keeps its add-ons, which is said once, and has an empty plan', async () => {
    const scenario = await madeByRke()
    const run = scenario.up()
    const warnings = await warningsOf(run)
    expect(warnings.filter((text) => text.includes('add-ons'))).toEqual([
      'add-ons of Kubernetes v1.20 are left as they are (network, coredns, metrics-server): their manifests are not built in; ' +
        'to manage them, import metadata that has them, with "rke metadata import" and an rke executable of RKE 1.6, which knows all ' +
        'versions that RKE ran (older ones know fewer, the oldest have no such document), or a data.json',
    ])
    // The state has another cluster file now.
    expect((await run.result).steps.map(({ id }) => id)).toEqual(['cluster/state', 'cluster/state-copy'])
    expect((await scenario.plan()).steps).toEqual([])
  })
})

test('an older cluster is restored with the add-ons that its snapshot has', async () => {
  const scenario = await madeByRke()
  await scenario.up().result
  await scenario.save({ name: 's1' }).result
  await scenario.restore({ name: 's1' }).result
  expect((await scenario.plan()).steps).toEqual([])
})

test('a new cluster whose manifests are not built in is refused, with the ways to get one', async () => {
  const scenario = await Scenario.of(V120)
  await expect(scenario.plan()).rejects.toMatchObject({
    message:
      'the manifests of network, coredns, metrics-server for Kubernetes v1.20.11-rancher1-1 are not built in',
    untouched: true,
    hint: expect.stringMatching(
      /put its cluster\.rkestate beside cluster\.yml.*rke metadata import.*network\.plugin: none, dns\.provider: none, monitoring\.provider: none/,
    ),
  })
  expect(scenario.writes()).toEqual([])
})

test('an add-on that an older cluster does not have cannot be left as it is', async () => {
  const scenario = (await Scenario.up(WITHOUT_ADDONS)).with(V120.replace('flannel', 'none'))
  await expect(scenario.plan()).rejects.toThrow(
    'the manifests of coredns, metrics-server for Kubernetes v1.20',
  )
})

describe('clusters whose manifests are built in', () => {
  test.each(['v1.22.17-rancher1-2', 'v1.23.16-rancher2-3'])(
    'of %s are built, and then need nothing',
    async (version) => {
      const scenario = await Scenario.up(of(version).replace('ingress: {provider: none}', ''))
      expect((await scenario.plan()).steps).toEqual([])
    },
  )

  test('go from v1.23 to v1.24 and its cri-dockerd', async () => {
    const scenario = (await Scenario.up(of('v1.23.16-rancher2-3'))).with(of('v1.24.17-rancher1-1'))
    await scenario.up().result
    expect((await scenario.plan()).steps).toEqual([])
  })
})
