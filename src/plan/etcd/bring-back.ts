import { ordinaryLinux } from '../../desired/node-facts.ts'
import type { Action } from '../action.ts'
import { appliedConfig } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import { stoppedMembers } from './postponed.ts'
import { type RecreatedMember, recreatedMembers } from './recreated-members.ts'

const BECAUSE: readonly Reason[] = [{ kind: 'member-counts' }]

/** Starts members that are to go, as they were, where etcd does not answer and so cannot let them go. */
export function planBringBack(basis: PlanBasis): readonly Action[] {
  const { postponed } = basis.scope
  const { machines } = basis.seen
  const recreated = recreatedMembers(postponed, appliedConfig(basis), machines, basis.wanted.input)
  return [
    ...stoppedMembers(postponed, machines).map(restart),
    ...recreated.flatMap((member) => makeAgain(member, basis)),
  ]
}

function restart(node: string): Action {
  return {
    kind: 'container.restart',
    id: ids.restart(node, 'etcd'),
    node,
    name: 'etcd',
    because: BECAUSE,
    after: [],
  }
}

function makeAgain(
  { node, container }: RecreatedMember,
  { wanted: { config }, seen }: PlanBasis,
): readonly Action[] {
  const machine = seen.machines.get(node)
  const helperImage = config.systemImages.alpine
  const missing = [container.image, helperImage].filter((image) => !machine?.images.has(image))
  const base = { node, because: BECAUSE }
  const pulls = missing.map(
    (image): Action => ({ kind: 'image.pull', id: ids.image(node, image), ...base, image, after: [] }),
  )
  return [
    ...pulls,
    {
      kind: 'container.create',
      id: ids.container(node, container.name),
      ...base,
      container,
      helperImage,
      dockerRootDir: (machine?.facts ?? ordinaryLinux).dockerRootDir,
      mayHaveOtherLinks: true,
      after: pulls.map(({ id }) => id),
    },
  ]
}
