import { expect, test } from 'vitest'
import { cluster } from '../clusters.ts'
import { killedWhen } from '../crash.ts'
import type { Scenario } from '../support.ts'
import { expectOneWorld, madeIn, withSnapshot } from './worlds.ts'

const [FIRST, SECOND] = ['controlplane, etcd', 'etcd, worker']
const BEFORE = cluster({ 11: FIRST, 12: SECOND })
const ALL = cluster({ 11: FIRST, 12: SECOND, 13: SECOND })
const AFTER = cluster({ 11: FIRST, 13: SECOND })

test.each([
  ['was left alone', {}],
  ['was cleaned', { cleanFormerNodes: true }],
])(
  'a member that was taken out, and whose machine %s, is none after the way back where none answered before',
  async (_, options) => {
    const scenario = (await withSnapshot(BEFORE, ALL)).with(AFTER)
    await killedOnce(scenario, 'etcd.member.remove')
    for (const { docker } of scenario.world.machines) {
      if (docker.get('etcd')?.isActive) docker.stop('etcd')
    }
    await expectWayBack(scenario, options)
  },
)

test.each(['etcd.member.add', 'etcd.member.promote', 'etcd.member.remove', 'host.clean'])(
  'a restore that began after %s of an unfinished run is aborted, and up ends the change',
  async (kind) => {
    const scenario = (await withSnapshot(BEFORE, ALL)).with(AFTER)
    await killedOnce(scenario, kind)
    await expectWayBack(scenario)
  },
)

/** Kills `up` once a step of that kind is done. */
async function killedOnce(scenario: Scenario, kind: string): Promise<void> {
  let reached = false
  await killedWhen(scenario, (event) => {
    reached ||= event.type === 'done' && event.step.kind === kind
    return reached
  })
  expect(reached).toBe(true)
}

/** Begins a restore, aborts it, and ends the change of members. */
async function expectWayBack(
  scenario: Scenario,
  options: { readonly cleanFormerNodes?: boolean } = {},
): Promise<void> {
  await killedWhen(
    scenario,
    (event) => event.type === 'done' && event.step.kind === 'etcd.restore',
    (more, deps) => scenario.restore({ name: 's1', ...more, ...options }, deps),
  )
  await scenario.abortRestore().result
  expect(madeIn(scenario)).toEqual(['after', 'before'])
  await scenario.up().result
  expect(madeIn(scenario)).toEqual(['after', 'before'])
  await expectOneWorld(scenario)
}
