import { PlanRefusedError } from '../../errors.ts'
import type { Action } from '../action.ts'
import { makePlan, type Plan } from './plan.ts'

/**
 * The part of a plan that is about these nodes. What concerns the cluster as a whole stays in it if it waits for
 * nothing that is left out; so the state goes on saying that the rest is not applied. It is recorded last: a new node counts
 * as new until it is whole, or a second try would not know that it was chosen.
 *
 * With `strict` a `PlanRefusedError` is thrown if something on these nodes must wait for a change on another one,
 * because done alone it would be done in the wrong order. Without, the nodes keep only their order among themselves.
 */
export function restrictPlan(
  plan: Plan,
  addresses: ReadonlySet<string>,
  { strict }: { readonly strict: boolean },
): Plan {
  const kept = new Map<string, Action>()
  const left = new Map<string, { readonly action: Action; readonly after: readonly string[] }>()
  // Actions come in an order in which each follows what it waits for.
  for (const action of plan.actions) {
    const chosen = action.node !== undefined && addresses.has(action.node)
    if (chosen) {
      for (const check of action.after.flatMap((id) => left.get(id)?.action ?? []).filter(isMereCheck)) {
        left.delete(check.id)
        kept.set(check.id, check)
      }
    }
    // What waits for something that is left out waits for what that would have waited for.
    const after = [...new Set(action.after.flatMap((id) => left.get(id)?.after ?? [id]))]
    const missed = action.after.flatMap((id) => left.get(id)?.action ?? [])
    const wanted = action.node === undefined ? missed.length === 0 : chosen
    // A pull on another node is only waited for because that node has its turn later.
    const blocker = missed.find(({ kind }) => kind !== 'image.pull')
    if (!wanted) left.set(action.id, { action, after })
    else if (blocker !== undefined && strict) throw mustWait(action, blocker)
    else kept.set(action.id, { ...action, after })
  }
  const onNodes = [...kept.values()].filter(({ node }) => node !== undefined).map(({ id }) => id)
  const actions = [...kept.values()].map((action) =>
    action.kind === 'state.commit' ? { ...action, after: [...action.after, ...onNodes] } : action,
  )
  return makePlan(actions, plan.windows)
}

/** Whether it is a health check of a node without changes, which runs whatever nodes are chosen. */
function isMereCheck({ kind, after }: Action): boolean {
  return kind === 'service.health' && after.length === 0
}

function mustWait(action: Action, other: Action): PlanRefusedError {
  const first = other.node ?? 'the cluster'
  return new PlanRefusedError(
    `${action.id} must wait for ${other.id} on ${first}, which is not among the chosen nodes`,
    {
      ...(action.node !== undefined && { host: action.node }),
      step: 'restrict the plan to the chosen nodes',
      untouched: true,
      hint: `choose ${first} as well, or run without a choice of nodes`,
    },
  )
}
