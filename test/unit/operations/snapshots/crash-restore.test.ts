import { expect, test } from 'vitest'
import { cluster } from '../clusters.ts'
import { killedWhen } from '../crash.ts'
import type { Scenario } from '../support.ts'
import { expectOneWorld, madeIn, withSnapshot } from './worlds.ts'

const FILE = cluster({ 11: 'controlplane, etcd', 12: 'etcd, worker' })

const whole = await withSnapshot(FILE)
const { steps } = await whole.restore({ name: 's1', dryRun: true }).result

test('the plan of a restore has steps of every part', () => {
  const kinds = new Set(steps.map(({ kind }) => kind))
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      'snapshot.unpack',
      'restore.begin',
      'host.clean',
      'etcd.data.set-aside',
      'etcd.restore',
      'container.create',
      'restore.finish',
      'etcd.data.discard',
      'restore.end',
    ]),
  )
})

type Verb = Parameters<typeof killedWhen>[2]

const restoring =
  (scenario: Scenario): Verb =>
  (options, deps) =>
    scenario.restore({ name: 's1', ...options }, deps)

/** The next run comes to the same end. */
async function expectToGoOn(scenario: Scenario): Promise<void> {
  await scenario.restore({ name: 's1' }).result
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
}

for (const [index, { id }] of steps.entries()) {
  const isIt = (event: { type: string; step?: { id: string } }) =>
    event.type === 'done' && event.step?.id === id
  test(`killed after step ${index + 1} of a restore, ${id}, the next one comes to the same end`, async () => {
    const scenario = await withSnapshot(FILE)
    expect((await killedWhen(scenario, isIt, restoring(scenario))).planned).toBe(steps.length)
    await expectToGoOn(scenario)
  })
}
