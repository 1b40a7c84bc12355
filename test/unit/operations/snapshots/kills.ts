import { expect } from 'vitest'
import type { StepInfo } from '../../../../src/engine/events.ts'
import { cluster } from '../clusters.ts'
import { killedWhen, type Verb } from '../crash.ts'
import type { Scenario } from '../support.ts'
import { expectOneWorld, madeIn, withSnapshot } from './worlds.ts'

/** Two members, so that the cluster before and the restored one could be mixed up. */
const FILE = cluster({ 11: 'controlplane, etcd', 12: 'etcd, worker' })

export const killable = (): Promise<Scenario> => withSnapshot(FILE)

/** Steps of an undisturbed restore. */
export async function stepsOfRestore(): Promise<readonly StepInfo[]> {
  return (await (await killable()).restore({ name: 's1', dryRun: true }).result).steps
}

/** One step of each kind. */
export function oneOfEach(steps: readonly StepInfo[]): readonly StepInfo[] {
  return steps.filter(({ kind }, index) => steps.findIndex((step) => step.kind === kind) === index)
}

export const restoring =
  (scenario: Scenario): Verb =>
  (options, deps) =>
    scenario.restore({ name: 's1', ...options }, deps)

/** Kills a run as soon as a step is done. */
export async function killedAfter(scenario: Scenario, id: string, verb = restoring(scenario)): Promise<void> {
  const { planned } = await killedWhen(
    scenario,
    (event) => event.type === 'done' && event.step.id === id,
    verb,
  )
  expect(planned).toBeGreaterThan(0)
}

/** The snapshot is restored, and nothing of the cluster before is left. */
export async function expectRestored(scenario: Scenario): Promise<void> {
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
}

/** Everything is as it was before the restore. */
export async function expectAsBefore(scenario: Scenario): Promise<void> {
  expect(madeIn(scenario)).toEqual(['after', 'before'])
  await expectOneWorld(scenario)
}
