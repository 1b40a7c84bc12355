import type { Action } from './action.ts'
import { ids } from './ids.ts'
import type { PlanInput } from './plan-input.ts'

/**
 * Restarts of containers whose certificates were replaced under them, one after the other, each gated by the
 * health of the one before. A container that is created or replaced anyway reads the new files by itself.
 */
export function planRestarts(input: PlanInput, services: readonly Action[]): readonly Action[] {
  const touched = new Set(services.map((action) => action.id))
  const actions: Action[] = []
  for (const { node, container, because } of input.forced?.restarts ?? []) {
    if (touched.has(ids.container(node, container))) continue
    const desired = input.nodes.find((candidate) => candidate.node.address === node)
    const spec = desired?.containers.find((candidate) => candidate.name === container)
    if (spec === undefined) continue
    const id = ids.restart(node, container)
    const before = [ids.files(node), ...actions.map((action) => action.id)]
    actions.push({ kind: 'container.restart', id, node, name: container, because: [because], after: before })
    if (spec.health === undefined) continue
    actions.push({
      kind: 'service.health',
      id: ids.health(node, container),
      node,
      name: container,
      check: spec.health,
      because: ['it was restarted'],
      after: [id],
      interruptible: true,
    })
  }
  return actions
}
