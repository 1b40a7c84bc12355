import type { ObservedNode } from '../../observe/observed-node.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { cleanNode } from '../plan-removal.ts'
import { cleaningImages } from '../rollout/leaving.ts'
import { cleaned } from './restore-view.ts'

/** Machines, and those among them that a restore has left out. */
export interface SeenMachines {
  /** As they are; those to clean as they are then. */
  readonly machines: ReadonlyMap<string, ObservedNode>
  /** As they are: with what they had before the restore. */
  readonly toClean: ReadonlyMap<string, ObservedNode>
}

/** Takes machines that a restore has left out for blank ones: nothing that runs there belongs to the restored cluster. */
export function apartFromRestored(
  machines: ReadonlyMap<string, ObservedNode>,
  { notRestored = [] }: ClusterState,
): SeenMachines {
  const toClean = new Map([...machines].filter(([address]) => notRestored.includes(address)))
  const blank = [...toClean].map(([address, machine]) => [address, cleaned(machine)] as const)
  return { machines: new Map([...machines, ...blank]), toClean }
}

/**
 * Has everything else on machines that a restore has left out wait until all that they had before it is taken off them. That is
 * noted before anything new is made there, so that it is never done again.
 */
export function cleanFirst(actions: readonly Action[], basis: PlanBasis): readonly Action[] {
  const { wanted, seen, nodes } = basis
  const images = cleaningImages(basis.known.state.currentState.rkeConfig)
  const because = { kind: 'not-restored' } as const
  const cleaning = nodes.flatMap(({ node: { address } }): readonly Action[] => {
    const machine = seen.toClean?.get(address)
    if (machine === undefined) return []
    const steps = cleanNode(wanted.config, machine, { snapshots: false, images, because })
    return [
      ...steps,
      {
        kind: 'restore.clean',
        id: ids.cleaned(address),
        node: address,
        because: [because],
        after: steps.map(({ id }) => id),
      },
    ]
  })
  if (cleaning.length === 0) return actions
  const blank = new Set(cleaning.flatMap(({ node }) => node ?? []))
  return [...cleaning, ...actions.map((action) => afterCleaning(action, blank))]
}

function afterCleaning(action: Action, blank: ReadonlySet<string>): Action {
  const waitsFor =
    action.kind === 'ports.check'
      ? [...blank]
      : action.kind !== 'image.pull' && action.node !== undefined && blank.has(action.node)
        ? [action.node]
        : []
  return waitsFor.length === 0
    ? action
    : { ...action, after: [...action.after, ...waitsFor.map(ids.cleaned)] }
}
