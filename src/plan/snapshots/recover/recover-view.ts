import type { ClusterConfig, ClusterNode } from '../../../config/cluster-config.ts'
import type { DesiredInput } from '../../../desired/desired-node.ts'
import { RkeError } from '../../../errors.ts'
import type { ObservedMember } from '../../../observe/observe-member.ts'
import type { ObservedNode } from '../../../observe/observed-node.ts'

/** All that a recovery without a quorum follows from. */
export interface RecoverView {
  /** With all secrets filled in. */
  readonly config: ClusterConfig
  readonly input: DesiredInput
  /** etcd nodes: those of cluster.yml, in its order, then those that only the state has. */
  readonly etcdNodes: readonly ClusterNode[]
  /** How many members the state says there are. */
  readonly known: number
  /** Nodes that were reached, by address. */
  readonly machines: ReadonlyMap<string, ObservedNode>
  /** What was found of etcd on those that were reached, by address. */
  readonly members: ReadonlyMap<string, ObservedMember>
  /** Address or name of the node whose data is to be used; absent: the best. */
  readonly from: string | undefined
  /** Address of the node whose data an unfinished recovery goes on with, as the state notes it. */
  readonly begun?: string | undefined
}

/** A node that was reached. */
export function machineAt({ machines }: Pick<RecoverView, 'machines'>, address: string): ObservedNode {
  const machine = machines.get(address)
  if (machine === undefined) throw new RkeError('the node was not reached', { host: address })
  return machine
}
