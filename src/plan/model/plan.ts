import { createHash } from 'node:crypto'
import type { FileSpec } from '../../desired/container-spec.ts'
import { inOrder } from '../../engine/order.ts'
import type { Windows } from '../../engine/step.ts'
import { Secret } from '../../secret.ts'
import type { Action } from '../action.ts'
import { concealEnvironment } from '../node/conceal-environment.ts'
import { fileDigest } from '../node/file-digest.ts'

/** What a run would do: data that can be printed, compared and run. */
export interface Plan {
  /** Each after all that it waits for. Empty: there is nothing to do. */
  readonly actions: readonly Action[]
  readonly windows: Windows
  /** Lower-case hex SHA-256 over ids and wanted values: equal plans have equal hashes. Made when it is asked for. */
  readonly hash: string
}

/** Puts actions in order. `unstable` names files whose content is made anew each time, such as new keys. */
export function makePlan(actions: readonly Action[], windows: Windows = {}): Plan {
  const ordered = inOrder(actions)
  let hash: string | undefined
  return {
    actions: ordered.map(concealEnvironment),
    windows,
    get hash() {
      hash ??= planHash(ordered)
      return hash
    },
  }
}

function planHash(actions: readonly Action[]): string {
  const hash = createHash('sha256')
  for (const action of [...actions].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    hash.update(JSON.stringify(action, (_key, value: unknown) => hashable(value)))
    hash.update('\n')
  }
  return hash.digest('hex')
}

/** Files count by path and, where their content is known beforehand, by its digest. */
function hashable(value: unknown): unknown {
  if (!isFile(value)) return value
  const { path, mode, generated } = value
  return { path, mode, digest: generated ? 'new' : fileDigest(value) }
}

function isFile(value: unknown): value is FileSpec {
  return typeof value === 'object' && value !== null && 'content' in value && value.content instanceof Secret
}
