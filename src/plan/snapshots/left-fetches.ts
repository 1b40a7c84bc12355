import type { ClusterConfig } from '../../config/cluster-config.ts'
import { HELPER } from '../../container-names.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { onEtcdData } from './etcd-data.ts'

/** Longer than any restore gets a snapshot to its nodes. */
const ABANDONED_MS = 24 * 60 * 60_000

/**
 * Deletes databases of snapshots that a restore has left which was killed before it changed anything. Another restore may be at work
 * from another machine; where the API answers it holds the lease, which a run that does this gets only when that one has ended.
 */
export function deleteLeftFetches({ nodes, seen, wanted }: PlanBasis): readonly Action[] {
  if (seen.kube === undefined) return []
  return nodes.flatMap(({ node }) => deleteFetch(wanted.config, seen.machines.get(node.address)))
}

/** The same on one machine, by a run without the lease: what was left so long ago that no restore is at work with it. */
export function deleteOldFetch(config: ClusterConfig, machine: ObservedNode, now: Date): readonly Action[] {
  const mark = markOf(machine)
  const machineNow = now.getTime() + (machine.clockAheadMs ?? 0)
  const isOld = mark !== undefined && machineNow - mark.created * 1000 > ABANDONED_MS
  return isOld ? deleteFetch(config, machine) : []
}

/** Whether a restore has left something in the scratch folder of a machine, or is at work there. */
export const hasFetch = (machine: ObservedNode): boolean => markOf(machine) !== undefined

const markOf = (machine: ObservedNode | undefined) =>
  machine?.all.find(({ names }) => names.includes(HELPER.fetchedSnapshot))

function deleteFetch(config: ClusterConfig, machine: ObservedNode | undefined): readonly Action[] {
  const mark = markOf(machine)
  if (machine === undefined || mark === undefined) return []
  const { node, image, selinux } = onEtcdData(config, machine, mark.image)
  return [
    {
      kind: 'scratch.delete',
      id: ids.scratch(node),
      node,
      image,
      selinux,
      because: [{ kind: 'left-by-killed-restore' }],
      after: [],
    },
  ]
}
