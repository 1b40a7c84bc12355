import { PlanRefusedError } from '../../../errors.ts'
import { makePlan, type Plan } from '../../model/plan.ts'
import { dataStep } from './recover-steps.ts'
import type { RecoverView } from './recover-view.ts'

/**
 * Deletes what finished recoveries have kept.
 * @throws PlanRefusedError unless each etcd node of cluster.yml has a healthy member again, and no recovery is unfinished.
 */
export function planDiscard(view: RecoverView): Plan {
  const { config, etcdNodes, members } = view
  const missing = etcdNodes
    .map(({ address }) => address)
    .filter((address) => config.nodes.some((node) => node.address === address))
    .filter((address) => members.get(address)?.answer?.healthy !== true)
  if (missing.length > 0) {
    throw new PlanRefusedError(`etcd is not healthy on ${missing.join(', ')}`, {
      step: 'plan',
      untouched: true,
      hint: 'bring its members back with "rke up" first',
    })
  }
  const unfinished = [...members.keys()].filter(
    (address) => address === view.begun || members.get(address)?.data.aside,
  )
  if (unfinished.length > 0) {
    throw new PlanRefusedError(`a recovery is not finished on ${unfinished.join(', ')}`, {
      step: 'plan',
      untouched: true,
      hint: 'finish it with "rke etcd recover" first',
    })
  }
  return makePlan(
    [...members]
      .filter(([, { data }]) => data.kept.length > 0)
      .map(([address]) => dataStep(view, address, 'etcd.recover.discard', 'asked-for')),
  )
}
