import { ordinaryLinux } from '../../desired/node-facts.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { Reason } from '../model/reason.ts'
import type { LostMember, PlanInput } from '../plan-input.ts'

const BECAUSE: readonly Reason[] = [{ kind: 'member-counts' }]

/** Starts members that are to go, as they were, where etcd does not answer and so cannot let them go. */
export function planBringBack(input: PlanInput): readonly Action[] {
  return [...input.stopped.map(restart), ...input.lostMembers.flatMap((member) => makeAgain(member, input))]
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

function makeAgain({ node, container }: LostMember, { config, observed }: PlanInput): readonly Action[] {
  const seen = observed.get(node)
  const helperImage = config.systemImages.alpine
  const missing = [container.image, helperImage].filter((image) => !seen?.images.has(image))
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
      dockerRootDir: (seen?.facts ?? ordinaryLinux).dockerRootDir,
      mayHaveOtherLinks: true,
      after: pulls.map(({ id }) => id),
    },
  ]
}
