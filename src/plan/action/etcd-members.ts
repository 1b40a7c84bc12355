import type { OnNode } from './base.ts'

/** Adds a member for a node that joins, without a vote until it has the data. */
export interface EtcdMemberAdd extends OnNode {
  readonly kind: 'etcd.member.add'
  readonly internalAddress: string
  /** Addresses of nodes whose members may be asked, in order. */
  readonly through: readonly string[]
}

/** Gives a member that has caught up its vote. */
export interface EtcdMemberPromote extends OnNode {
  readonly kind: 'etcd.member.promote'
  readonly internalAddress: string
  readonly through: readonly string[]
}

/** Takes a node's member out of etcd, if the others keep their quorum. */
export interface EtcdMemberRemove extends OnNode {
  readonly kind: 'etcd.member.remove'
  readonly hostname: string
  readonly internalAddress: string
  readonly through: readonly string[]
  /** Nodes whose members may count for the quorum: those that stay, and those that leave later. */
  readonly voters: readonly string[]
}
