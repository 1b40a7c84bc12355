import type { Step, Windows } from './step.ts'

/** Steps that run in parallel on one node; more would only queue up in its Docker daemon. */
const PER_NODE = 8

/** Counts running steps, so that the engine never exceeds the limits of nodes and windows. */
export class StepLimits {
  readonly #windows: Windows
  readonly #running = new Map<string, number>()
  /** Unfinished steps of a window and node. */
  readonly #open = new Map<string, number>()
  readonly #holders = new Map<string, Set<string>>()

  constructor(steps: readonly Step[], windows: Windows) {
    this.#windows = windows
    for (const step of steps) {
      const key = windowKey(step)
      if (key !== undefined) this.#open.set(key, (this.#open.get(key) ?? 0) + 1)
    }
  }

  /** Whether `step` may start now. */
  hasRoom(step: Step): boolean {
    if (step.node !== undefined && (this.#running.get(step.node) ?? 0) >= PER_NODE) return false
    if (step.window === undefined || step.node === undefined) return true
    const holders = this.#holders.get(step.window)
    if (holders === undefined || holders.has(step.node)) return true
    return holders.size < (this.#windows[step.window] ?? Number.POSITIVE_INFINITY)
  }

  take(step: Step): void {
    if (step.node === undefined) return
    this.#running.set(step.node, (this.#running.get(step.node) ?? 0) + 1)
    if (step.window === undefined) return
    const holders = this.#holders.get(step.window) ?? new Set()
    this.#holders.set(step.window, holders.add(step.node))
  }

  /** A step has ended. */
  release(step: Step, failed: boolean): void {
    if (step.node !== undefined) this.#running.set(step.node, (this.#running.get(step.node) ?? 1) - 1)
    if (!failed) this.close(step)
  }

  /** A step has released its window. A failed step never does: its node keeps its place. */
  close(step: Step): void {
    const key = windowKey(step)
    if (key === undefined || step.window === undefined || step.node === undefined) return
    const open = (this.#open.get(key) ?? 1) - 1
    this.#open.set(key, open)
    if (open === 0) this.#holders.get(step.window)?.delete(step.node)
  }
}

function windowKey(step: Step): string | undefined {
  return step.window === undefined || step.node === undefined ? undefined : `${step.window} ${step.node}`
}
