import { createHash } from 'node:crypto'
import { inOrder } from '../../engine/order.ts'
import type { Windows } from '../../engine/step.ts'
import type { Action } from '../action.ts'
import { actionDigest } from './action-digest.ts'
import { concealEnvironment } from './conceal-environment.ts'

/** What a run would do: data that can be printed, compared and run. */
export interface Plan {
  /** Each after all that it waits for. Empty: there is nothing to do. */
  readonly actions: readonly Action[]
  readonly windows: Windows
  /** Digest of each action (`actionDigest`), by its id. Made when it is asked for. */
  readonly digests: ReadonlyMap<string, string>
  /** Lower-case hex SHA-256 over all actions and windows: equal plans have equal hashes. Made when it is asked for. */
  readonly hash: string
}

/** Puts actions in order. */
export function makePlan(actions: readonly Action[], windows: Windows = {}): Plan {
  const ordered = inOrder(actions)
  let digests: ReadonlyMap<string, string> | undefined
  let hash: string | undefined
  return {
    actions: ordered.map(concealEnvironment),
    windows,
    get digests() {
      digests ??= new Map(ordered.map((action) => [action.id, actionDigest(action)]))
      return digests
    },
    get hash() {
      hash ??= planHash(this.digests, windows)
      return hash
    },
  }
}

function planHash(digests: ReadonlyMap<string, string>, windows: Windows): string {
  const hash = createHash('sha256')
  for (const entry of [...digests, ...Object.entries(windows)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify(entry))
  }
  return hash.digest('hex')
}
