import type { Planned } from '../../operations/results.ts'

/**
 * A plan as JSON, and the file that it was saved in, if it was: `hash`, which is equal for equal plans, the actions in an order in which they can run, and the user
 * manifests that are left out. Holds no secrets.
 * @param more what a plan of its kind says besides
 */
export function planJson({ plan, steps, leftOut }: Planned, file = '', more: object = {}): string {
  const after = new Map(plan.actions.map((action) => [action.id, action.after]))
  const actions = steps.map(({ id, kind, node, title, because, reasons }) => ({
    id,
    kind,
    ...(node !== undefined && { node }),
    title,
    because,
    reasons,
    after: after.get(id) ?? [],
  }))
  return `${JSON.stringify({ hash: plan.hash, ...(file !== '' && { file }), actions, leftOut, ...more }, null, 2)}\n`
}
