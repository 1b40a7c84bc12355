import type { Step } from './step.ts'

/**
 * Tracks dependencies. A plan for a thousand nodes has more than ten thousand steps, so a finished step must update
 * only its dependents.
 */
export class Waiting<S extends Step> {
  /** Steps without open dependencies, the longest ready first. */
  readonly ready = new Set<S>()
  /** The number of open dependencies of each step. */
  readonly #missing = new Map<S, number>()
  readonly #dependents = new Map<string, S[]>()

  /** Ids in `after` that no step has are ignored. */
  constructor(steps: readonly S[]) {
    const known = new Set(steps.map(({ id }) => id))
    for (const step of steps) {
      const before = [...new Set(step.after)].filter((id) => known.has(id))
      for (const id of before) this.#add(id, step)
      this.#missing.set(step, before.length)
      if (before.length === 0) this.ready.add(step)
    }
  }

  finished({ id }: S): void {
    for (const step of this.#dependents.get(id) ?? []) {
      const missing = this.#missing.get(step)
      if (missing === undefined) continue
      this.#missing.set(step, missing - 1)
      if (missing === 1) this.ready.add(step)
    }
  }

  /** Removes a step that has started or was skipped. */
  drop(step: S): void {
    this.ready.delete(step)
    this.#missing.delete(step)
  }

  #add(id: string, step: S): void {
    const dependents = this.#dependents.get(id)
    if (dependents === undefined) this.#dependents.set(id, [step])
    else dependents.push(step)
  }
}
