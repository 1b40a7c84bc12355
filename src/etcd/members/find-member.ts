import type { EtcdMember } from '../etcd-api.ts'
import { memberName, peerUrl } from './member-names.ts'

/** What identifies a node's member. */
interface MemberNode {
  readonly hostnameOverride: string
  /** The node's address as the other nodes see it. */
  readonly internalAddress: string
}

/** The member at a node's peer URL, started or not: one that never ran has no name yet. */
export function memberAt<M extends Pick<EtcdMember, 'peerURLs'>>(
  members: readonly M[] | undefined,
  internalAddress: string,
): M | undefined {
  return members?.find(({ peerURLs }) => peerURLs.includes(peerUrl(internalAddress)))
}

/** The member of a node: by its name, whatever its peer URL, or one at its peer URL that has none yet. */
export function memberOf<M extends Pick<EtcdMember, 'name' | 'peerURLs'>>(
  members: readonly M[] | undefined,
  node: MemberNode,
): M | undefined {
  const named = members?.find(({ name }) => name === memberName(node))
  const atPeer = memberAt(members, node.internalAddress)
  return named ?? (atPeer?.name === '' ? atPeer : undefined)
}
