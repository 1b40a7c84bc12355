import { PlanRefusedError } from '../../../errors.ts'
import { makePlan, type Plan } from '../../model/plan.ts'
import { dataStep } from './recover-steps.ts'
import type { RecoverView } from './recover-view.ts'

/**
 * Deletes what finished recoveries have kept.
 * @throws PlanRefusedError unless each etcd node has a healthy member again, and no recovery is unfinished.
 */
export function planDiscard(view: RecoverView): Plan {
  const isWanted = (address: string): boolean => view.config.nodes.some((node) => node.address === address)
  const missing = view.etcdNodes
    .map(({ address }) => address)
    .filter((address) => isWanted(address) && view.members.get(address)?.answer?.healthy !== true)
  if (missing.length > 0) {
    throw refused(
      `etcd is not healthy on ${missing.join(', ')}`,
      'bring its members back with "rke up" first',
    )
  }
  const unfinished = [...view.members].filter(([, { data }]) => data.aside).map(([address]) => address)
  if (unfinished.length > 0) {
    throw new PlanRefusedError(`a recovery is not finished on ${unfinished.join(', ')}`, {
      step: 'plan',
      untouched: true,
      hint: 'finish it with "rke etcd recover" first',
    })
  }
  return makePlan(
    [...view.members]
      .filter(([, { data }]) => data.kept.length > 0)
      .map(([address]) => dataStep(view, address, 'etcd.recover.discard', 'asked-for')),
  )
}
