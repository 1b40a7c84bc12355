import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanInput } from '../plan-input.ts'

/**
 * Waits for API servers that are left as they are but did not answer: they may be starting, or wait for the etcd
 * that this plan brings back.
 */
export function planAnswers(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  if (input.kube !== undefined) return []
  const planned = new Set(onNodes.map((action) => action.id))
  const etcd = input.nodes.map(({ node }) => ids.health(node.address, 'etcd'))
  return input.nodes.flatMap(({ node, containers }): readonly Action[] => {
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
