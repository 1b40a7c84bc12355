import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { nodesWithRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { Reason } from '../model/reason.ts'
import { onEtcdData } from './etcd-data.ts'
import { hasFetch } from './left-fetches.ts'
import { helperImageOn } from './restore-view.ts'

const WORKS: readonly Reason[] = [{ kind: 'cluster-works-again' }]

/** What a restore leaves behind, and on which machines. */
export interface Leftovers {
  readonly config: ClusterConfig
  readonly machines: ReadonlyMap<string, ObservedNode>
  /** Addresses of machines that had a member before. */
  readonly formerMembers: ReadonlySet<string>
  /** Which restore. */
  readonly startedAt: string
}

/**
 * Deletes what leads back and what was needed only meanwhile, and ends the restore. One helper at a time on each machine.
 * @param after ids of what is done first
 */
export function planEnd(
  { machines, formerMembers, config, startedAt: restore }: Leftovers,
  after: readonly string[] = [],
): readonly Action[] {
  const members = new Set(nodesWithRole(config.nodes, 'etcd').map(({ address }) => address))
  const deletions = [...machines.values()].flatMap((machine): readonly Action[] => {
    const { address } = machine
    const isMember = members.has(address)
    const hadMember = isMember || formerMembers.has(address)
    const hasScratch = isMember || hasFetch(machine)
    if (!hadMember && !hasScratch) return []
    const image = helperImageOn(machine, config)
    const { kubernetesFolder: _, ...place } = onEtcdData(config, machine, image)
    const { node, selinux } = place
    const discard = ids.discard(address)
    const discards: Action = {
      kind: 'etcd.data.discard',
      id: discard,
      ...place,
      restore,
      because: WORKS,
      after,
    }
    const deletes: Action = {
      kind: 'scratch.delete',
      id: ids.scratch(address),
      node,
      image,
      selinux,
      because: WORKS,
      after: [...after, discard],
    }
    return [...(hadMember ? [discards] : []), ...(hasScratch ? [deletes] : [])]
  })
  const end: Action = {
    kind: 'restore.end',
    id: ids.mark('end'),
    because: WORKS,
    after: [...after, ...deletions.map(({ id }) => id)],
  }
  return [...deletions, end]
}
