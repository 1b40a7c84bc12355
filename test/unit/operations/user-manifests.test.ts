import { describe, expect, test } from 'vitest'
import type { ConfigMap } from '../../../src/kube/objects/kube-object.ts'
import type { UpResult } from '../../../src/operations/results.ts'
import { ONE_NODE } from './clusters.ts'
import { eventsOf, reasonsOf, Scenario } from './support.ts'

const object = (kind: string, name: string, more = ''): string =>
  `---\napiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${more}`
const URL = 'https://example.test/a.yaml'
const INCLUDES = `${ONE_NODE}addons_include: [${URL}, ./b.yaml]\n`
const INCLUDED = 'rke-user-includes-addons'

type Texts = Readonly<Record<string, string>>
/** What `addons_include` finds; all else is dead. */
const reading = (texts: Texts) => ({
  readInclude: async (source: string) => {
    if (texts[source] === undefined) throw new TypeError(`connect ECONNREFUSED ${source}`)
    return texts[source]
  },
})
const BOTH = { [URL]: object('Namespace', 'a'), './b.yaml': object('ConfigMap', 'b') }
const ALIVE = { './b.yaml': BOTH['./b.yaml'] }
const dead = `addons_include: ${URL} cannot be read: connect ECONNREFUSED ${URL}`

const stored = ({ kube }: Scenario, addon: string): string | undefined =>
  kube.get<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: addon })?.data?.[
    addon
  ]
const up = (scenario: Scenario, texts: Texts = BOTH): Promise<UpResult> =>
  scenario.up({}, reading(texts)).result

describe('a cluster file with a dead URL', () => {
  test('brings up a new cluster, with all that is not dead', async () => {
    const scenario = await Scenario.of(INCLUDES)
    const { leftOut } = await up(scenario, ALIVE)
    expect(leftOut).toEqual([dead])
    expect(stored(scenario, INCLUDED)).toBe(BOTH['./b.yaml'])
    expect(await scenario.plan(reading(ALIVE))).toMatchObject({ steps: [], leftOut: [dead] })
  })

  test('changes nothing in a cluster that has what was behind the URL', async () => {
    const scenario = await Scenario.of(INCLUDES)
    await up(scenario)
    scenario.writes()
    expect(await scenario.plan(reading(ALIVE))).toMatchObject({ steps: [], leftOut: [dead] })
    expect((await up(scenario, ALIVE)).leftOut).toEqual([dead])
    expect(scenario.writes()).toEqual([])
  })

  test('is warned about, with what is left out and why', async () => {
    const scenario = await Scenario.of(INCLUDES)
    const events = await eventsOf(scenario.up({}, reading(ALIVE)))
    const text = `${dead}; it is left out; its existing objects in the cluster stay unchanged`
    expect(events).toContainEqual({ type: 'notice', level: 'warning', area: 'addons', text })
  })

  test('can be changed otherwise, and keeps what is deployed of it until the URL answers again', async () => {
    const scenario = await Scenario.of(INCLUDES)
    await up(scenario)
    const changed = { './b.yaml': object('ConfigMap', 'b', 'data: {now: changed}\n') }
    expect(reasonsOf(await scenario.plan(reading(changed)))[`cluster/addon/${INCLUDED}`]).toEqual([
      'ConfigMap b changed (data)',
    ])
    await up(scenario, changed)
    expect(stored(scenario, INCLUDED)).toBe(`${BOTH[URL]}${changed['./b.yaml']}`)
    expect((await scenario.plan(reading(changed))).steps).toEqual([])
    const back = { ...changed, [URL]: object('Namespace', 'new') }
    await up(scenario, back)
    expect(stored(scenario, INCLUDED)).toBe(`${back[URL]}${back['./b.yaml']}`)
  })
})

test.each([
  [
    'generateName',
    `${object('Namespace', 'a')}---\napiVersion: batch/v1\nkind: Job\nmetadata: {generateName: once-}\n`,
  ],
  ['what is no YAML', `${object('Namespace', 'a')}---\njust: [some\n`],
])('%s in addons is left out, and the rest of the text applied', async (_, text) => {
  const scenario = await Scenario.of(`${ONE_NODE}addons: ${JSON.stringify(text)}\n`)
  const { leftOut } = await up(scenario)
  expect(leftOut).toEqual([expect.stringContaining('addons: the document at line 5 is no')])
  expect(stored(scenario, 'rke-user-addon')).toBe(object('Namespace', 'a'))
  expect((await scenario.plan()).steps).toEqual([])
})

test('a text that RKE stored, of which nothing can be applied, is left as it is', async () => {
  const scenario = await Scenario.of(`${ONE_NODE}addons: just text\n`)
  const { leftOut, steps } = await up(scenario)
  expect(leftOut).toEqual(['addons: the document at line 1 is not a Kubernetes object: it is not a mapping'])
  expect(steps.map(({ id }) => id)).not.toContain('cluster/addon/rke-user-addon')
})

describe('manifests that the cluster refuses', () => {
  const BAD = `${ONE_NODE}addons: ${JSON.stringify(object('Namespace', 'a'))}\naddons_include: [./b.yaml]\n`

  test('are a warning, and everything after them is done', async () => {
    const scenario = await Scenario.of(BAD)
    scenario.world.failingJobs.add('rke-user-addon-deploy-job')
    const { leftOut, done, steps } = await up(scenario)
    expect(leftOut).toEqual([expect.stringMatching(/^deploy addon rke-user-addon: its Job failed/)])
    expect(done).toBe(steps.length - 1)
    expect(stored(scenario, INCLUDED)).toBe(BOTH['./b.yaml'])
  })

  test('are tried again by the next run', async () => {
    const scenario = await Scenario.of(BAD)
    scenario.world.failingJobs.add('rke-user-addon-deploy-job')
    await up(scenario)
    scenario.world.failingJobs.clear()
    expect(reasonsOf(await scenario.plan(reading(BOTH)))).toEqual({
      'cluster/addon/rke-user-addon': ['its last deploy Job did not complete'],
    })
    expect((await up(scenario)).leftOut).toEqual([])
  })

  test('or does not let go are a warning, too', async () => {
    const scenario = await Scenario.of(BAD)
    await up(scenario)
    scenario.world.failingJobs.add('rke-user-addon-delete-job')
    const { leftOut } = await up(scenario.with(ONE_NODE))
    expect(leftOut).toEqual([expect.stringMatching(/^remove addon rke-user-addon: its Job failed/)])
  })

  test('of the program itself end the run with their error', async () => {
    const scenario = await Scenario.of(ONE_NODE)
    scenario.world.failingJobs.add('rke-metrics-addon-deploy-job')
    await expect(up(scenario)).rejects.toMatchObject({
      step: expect.stringMatching(/rke-metrics-addon-deploy-job$/),
    })
  })
})
