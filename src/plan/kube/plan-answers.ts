import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'

/**
 * Waits for API servers that are left as they are but did not answer: they may be starting, or wait for the etcd
 * that this plan brings back.
 */
export function planAnswers(basis: PlanBasis, onNodes: readonly Action[]): readonly Action[] {
  if (basis.seen.kube !== undefined) return []
  const planned = new Set(onNodes.map((action) => action.id))
  const etcd = basis.nodes.map(({ node }) => ids.health(node.address, 'etcd'))
  return basis.nodes.flatMap(({ node, containers }): readonly Action[] => {
    const check = containers.find(({ name }) => name === 'kube-apiserver')?.health
    const id = ids.health(node.address, 'kube-apiserver')
    if (check === undefined || planned.has(id)) return []
    return [
      {
        kind: 'service.health',
        id,
        node: node.address,
        name: 'kube-apiserver',
        check,
        because: [{ kind: 'api-does-not-answer' }],
        after: etcd.filter((health) => planned.has(health)),
        interruptible: true,
      },
    ]
  })
}
