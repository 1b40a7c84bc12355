import { describe, expect, test } from 'vitest'
import type { KubeSecret } from '../../../src/kube/objects/kube-object.ts'
import { ONE_NODE } from './clusters.ts'
import { eventsOf, reasonsOf, Scenario } from './support.ts'

const COPY = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name: 'full-cluster-state' }
/** Both halves of the state hold it. */
const LARGE = `addons: "# ${'long '.repeat(120_000)}"\n`
const ENCRYPTED = 'services: {kube-api: {secrets_encryption_config: {enabled: true}}}\n'

const copyOf = ({ kube }: Scenario): unknown => kube.get<KubeSecret>(COPY)?.data
const warned = expect.objectContaining({
  type: 'notice',
  level: 'warning',
  area: 'state',
  text: expect.stringMatching(
    /^the state has more than the 1 MiB that a Secret can hold, so it is not copied/,
  ),
})

describe('a state that is too large for a Secret', () => {
  test('is no reason for a run to fail: it is not copied, which is said beforehand', async () => {
    const scenario = await Scenario.of(`${ONE_NODE}${LARGE}`)
    const events = await eventsOf(scenario.up())
    expect(events.findIndex((event) => event.type === 'planned')).toBeGreaterThan(
      events.findIndex((event) => event.type === 'notice' && event.area === 'state'),
    )
    expect(events).toContainEqual(warned)
    expect(copyOf(scenario)).toBeUndefined()
    expect((await scenario.store.load())?.state.currentState.rkeConfig?.addons).toContain('long')
    expect((await scenario.plan()).steps).toEqual([])
  })

  test('leaves the copy as it is that an earlier run made, and takes its place once it fits again', async () => {
    const before = await Scenario.up(ONE_NODE)
    const copy = copyOf(before)
    const scenario = before.with(`${ONE_NODE}${LARGE}`)
    await scenario.up().result
    expect(copyOf(scenario)).toEqual(copy)
    expect((await scenario.plan()).steps).toEqual([])
    const after = scenario.with(`${ONE_NODE}cluster_name: smaller\n`)
    expect(reasonsOf(await after.plan())['cluster/state-copy']).toEqual(['the state changes'])
    await after.up().result
    expect(copyOf(after)).not.toEqual(copy)
  })

  test('does not hold up a change of the encryption of Secrets', async () => {
    const before = await Scenario.up(`${ONE_NODE}${LARGE}`)
    const scenario = before.with(`${ONE_NODE}${LARGE}${ENCRYPTED}`)
    expect(await eventsOf(scenario.up())).toContainEqual(warned)
    expect((await scenario.plan()).steps).toEqual([])
  })
})
