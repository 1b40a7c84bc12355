/** Where a member of etcd is reached by the others. */
interface Peer {
  readonly peerURLs: readonly string[]
}

/**
 * The member at a node's peer address, started or not: one that never ran has no name yet. `internalAddress`: the node's
 * address as the other nodes see it.
 */
export function memberAt<M extends Peer>(
  members: readonly M[] | undefined,
  internalAddress: string,
): M | undefined {
  return members?.find(({ peerURLs }) =>
    peerURLs.some((url) => url.includes(`https://${internalAddress}:2380`)),
  )
}
