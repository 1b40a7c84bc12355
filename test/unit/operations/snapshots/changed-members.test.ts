import { expect, test } from 'vitest'
import { cluster } from '../clusters.ts'
import { killedWhen } from '../crash.ts'
import { restoring } from './kills.ts'
import { expectOneWorld, madeIn, withSnapshot } from './worlds.ts'

const [FIRST, SECOND] = ['controlplane, etcd', 'etcd, worker']
const BEFORE = cluster({ 11: FIRST, 12: SECOND })
const ALL = cluster({ 11: FIRST, 12: SECOND, 13: SECOND })
const AFTER = cluster({ 11: FIRST, 13: SECOND })

test.each(['etcd.member.add', 'etcd.member.promote', 'etcd.member.remove', 'host.clean'])(
  'a restore that began after %s of an unfinished run is aborted, and up ends the change',
  async (kind) => {
    const scenario = (await withSnapshot(BEFORE, ALL)).with(AFTER)
    let reached = false
    await killedWhen(scenario, (event) => {
      reached ||= event.type === 'done' && event.step.kind === kind
      return reached
    })
    expect(reached).toBe(true)
    await killedWhen(
      scenario,
      (event) => event.type === 'done' && event.step.kind === 'etcd.restore',
      restoring(scenario),
    )
    await scenario.abortRestore().result
    expect(madeIn(scenario)).toEqual(['after', 'before'])
    await scenario.up().result
    expect(madeIn(scenario)).toEqual(['after', 'before'])
    await expectOneWorld(scenario)
  },
)
