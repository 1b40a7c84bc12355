import { createHash } from 'node:crypto'
import type { Action } from '../action.ts'
import type { Plan } from './plan.ts'

/** A part of a joined plan. */
export interface PlanPart {
  /** Stands before the ids and windows of the part, and of no other one: `clean`. */
  readonly name: string
  readonly plan: Plan
}

/**
 * Several plans as one: nothing of a part is begun before all of the parts before it is done. Where a step fails that is not
 * optional, no later part is begun. A node that holds its place in a window of one part does not hold one in another.
 */
export function joinPlans(parts: readonly PlanPart[]): Plan {
  let ends: readonly string[] = []
  const actions = parts.flatMap(({ name, plan }) => {
    const placed = plan.actions.map((action) => placedIn(name, action, ends))
    if (placed.length > 0) ends = endsOf(placed)
    return placed
  })
  const windows = parts.flatMap(({ name, plan }) =>
    Object.entries(plan.windows).map(([window, most]) => [inPart(name, window), most] as const),
  )
  let digests: ReadonlyMap<string, string> | undefined
  return {
    actions,
    windows: Object.fromEntries(windows),
    get digests() {
      digests ??= new Map(
        parts.flatMap(({ name, plan }) =>
          [...plan.digests].map(([id, digest]) => [inPart(name, id), digest] as const),
        ),
      )
      return digests
    },
    get hash() {
      const hash = createHash('sha256')
      for (const { name, plan } of parts) hash.update(`${name} ${plan.hash}\n`)
      return hash.digest('hex')
    },
  }
}

function placedIn(name: string, action: Action, ends: readonly string[]): Action {
  return {
    ...action,
    id: inPart(name, action.id),
    after: [...action.after.map((id) => inPart(name, id)), ...ends],
    ...(action.window !== undefined && { window: inPart(name, action.window) }),
  }
}

const inPart = (name: string, id: string): string => `${name}/${id}`

/** Ids of steps that no other one waits for: when they are done, all are. */
function endsOf(actions: readonly Action[]): readonly string[] {
  const awaited = new Set(actions.flatMap(({ after }) => after))
  return actions.map(({ id }) => id).filter((id) => !awaited.has(id))
}
