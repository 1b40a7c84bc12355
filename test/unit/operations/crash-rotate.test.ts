import { describe, expect, test } from 'vitest'
import { rotateCertificates } from '../../../src/operations/certificates/rotate-certificates.ts'
import { keyPool } from '../../sim/key-pool.ts'
import { cluster } from './clusters.ts'
import { expectTidy, killedWhen, type Verb } from './crash.ts'
import { Scenario } from './support.ts'

/** Not those that the cluster was built with. */
const keys = keyPool(20)
const TWO = cluster({ 11: 'controlplane, etcd, worker', 12: 'controlplane, worker' })

const rotation =
  ({ config, deps }: Scenario): Verb =>
  (options, killable) =>
    rotateCertificates(config, { ...deps, keys, ...killable }, options)

const planned = await (async () => {
  const { config, deps } = await Scenario.up(TWO)
  return rotateCertificates(config, deps, { dryRun: true }).result
})()

/** One of each kind and the last, unless more kills are asked for: each takes seconds. */
const killedAfter = process.env.RKE_TEST_KILLS
  ? planned.steps
  : [
      ...new Map([...planned.steps].reverse().map((step) => [step.kind, step])).values(),
      ...planned.steps.slice(-1),
    ]

describe('a rotation that is killed', () => {
  for (const { id } of new Set(killedAfter)) {
    test(`after ${id} is finished by the next one, and by up, without issuing again`, async () => {
      const scenario = await Scenario.up(TWO)
      const isIt = (event: { type: string; step?: { id: string } }) =>
        event.type === 'done' && event.step?.id === id
      await killedWhen(scenario, isIt, rotation(scenario))
      const issued = await keysOf(scenario, 'desiredState')
      const copy = new Scenario(scenario.config, scenario.world.copy(), await scenario.store.copy())
      const isRecorded = (await keysOf(scenario, 'currentState')) === issued
      await scenario.up().result
      expect(await keysOf(scenario, 'currentState')).toBe(issued)
      await expectInUse(scenario)
      if (isRecorded) return
      await rotateCertificates(copy.config, copy.deps).result
      expect(await keysOf(copy, 'currentState')).toBe(issued)
      await expectInUse(copy)
    })
  }
})

async function keysOf({ store }: Scenario, half: 'desiredState' | 'currentState'): Promise<string> {
  const bundle = (await store.load())?.state[half].certificatesBundle ?? {}
  return Object.entries(bundle)
    .map(([name, { keyPEM }]) => `${name} ${keyPEM}`)
    .join('\n')
}

/** Files are those of the state, whoever reads one only when it starts has started since, and nothing is left to do. */
async function expectInUse(scenario: Scenario): Promise<void> {
  const bundle = (await scenario.store.load())?.state.currentState.certificatesBundle ?? {}
  for (const { disk } of scenario.world.machines) {
    for (const path of disk.below('/etc/kubernetes/ssl').filter((file) => file.endsWith('-key.pem'))) {
      const name = path.slice(path.lastIndexOf('/') + 1, -'-key.pem'.length)
      expect(disk.read(path), path).toBe(bundle[name]?.keyPEM)
    }
  }
  expect((await scenario.plan()).steps).toEqual([])
  expectTidy(scenario)
}
