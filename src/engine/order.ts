import { PlanRefusedError } from '../errors.ts'
import type { Step } from './step.ts'

/**
 * Sorts steps so that each comes after its dependencies, as close to the given order as possible. Throws
 * `PlanRefusedError` for a dependency cycle.
 */
export function inOrder<S extends Step>(steps: readonly S[]): readonly S[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const ordered: S[] = []
  const state = new Map<string, 'open' | 'placed'>()
  const place = (step: S): void => {
    if (state.get(step.id) === 'placed') return
    if (state.get(step.id) === 'open') {
      throw new PlanRefusedError(`The plan waits for itself at ${step.id}`, {
        hint: 'This is a defect of the program, not of your cluster: please report it with your cluster.yml.',
      })
    }
    state.set(step.id, 'open')
    for (const id of step.after) {
      const before = byId.get(id)
      if (before !== undefined) place(before)
    }
    state.set(step.id, 'placed')
    ordered.push(step)
  }
  for (const step of steps) place(step)
  return ordered
}
