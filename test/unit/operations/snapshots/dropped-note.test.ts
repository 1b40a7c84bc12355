import { expect, test } from 'vitest'
import type { Scenario } from '../support.ts'
import { killable, killedAfter, stepsOfRestore } from './kills.ts'
import { madeIn } from './worlds.ts'

const steps = await stepsOfRestore()

/** A restore is killed after its last step of a kind, and then another program, as RKE, writes the state. */
async function dropped(kind: string): Promise<Scenario> {
  const scenario = await killable()
  await killedAfter(scenario, steps.findLast((step) => step.kind === kind)?.id ?? '')
  const stored = await scenario.store.load()
  if (stored?.state.restoring === undefined) throw new TypeError('no restore is noted')
  const { desiredState, currentState } = stored.state
  await scenario.store.save({ desiredState, currentState }, stored.revision)
  return scenario
}

test('etcd does not begin without data where a restore of which the state has lost the note has set it aside', async () => {
  const scenario = await dropped('etcd.data.set-aside')
  const before = scenario.world.machines.map(({ disk }) =>
    disk.read('/var/lib/etcd/before-restore/member/identity'),
  )
  const refusal = expect.objectContaining({
    message: expect.stringContaining(
      'a restore has set the data of etcd aside in /var/lib/etcd/before-restore',
    ),
  })
  await expect(scenario.up().result).rejects.toMatchObject({ failures: [refusal, refusal] })
  expect(scenario.world.machines.flatMap(({ etcd }) => etcd ?? [])).toEqual([])
  expect(before).not.toContain(undefined)
  expect(
    scenario.world.machines.map(({ disk }) => disk.read('/var/lib/etcd/before-restore/member/identity')),
  ).toEqual(before)
  await scenario.restore({ name: 's1' }).result
  expect(madeIn(scenario)).toEqual(['before'])
})

test('a cluster that was built on a restore of which the state has lost the note goes on, with a warning', async () => {
  const scenario = await dropped('tokens.check')
  const run = scenario.up()
  const warnings: string[] = []
  for await (const event of run) {
    if (event.type === 'notice' && event.level === 'warning') warnings.push(event.text)
  }
  await run.result
  expect(warnings.join('\n')).toContain(
    'The data that etcd had before a restore is still set aside on 10.66.0.11, 10.66.0.12',
  )
  expect(madeIn(scenario)).toEqual(['before'])
})
