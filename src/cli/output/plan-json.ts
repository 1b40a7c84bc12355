import type { PlanResult } from '../../operations/results.ts'

/**
 * A plan for programs: `hash`, which is equal for equal plans, and the actions in the order in which they may
 * be begun, and what of the user's manifests is left out. Holds what is done and why, but no wanted values, so no secrets either.
 */
export function planJson({ plan, steps, leftOut }: PlanResult): string {
  const after = new Map(plan.actions.map((action) => [action.id, action.after]))
  const actions = steps.map(({ id, kind, node, title, because }) => ({
    id,
    kind,
    ...(node !== undefined && { node }),
    title,
    because,
    after: after.get(id) ?? [],
  }))
  return `${JSON.stringify({ hash: plan.hash, actions, leftOut }, null, 2)}\n`
}
