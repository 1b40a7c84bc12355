/** The client port of etcd members. */
export const CLIENT_PORT = 2379
/** `--initial-cluster-token` of every cluster, as RKE sets it: restored data is read only with the same one. */
export const CLUSTER_TOKEN = 'etcd-cluster-1'

/** The peer port of etcd members. */
export const PEER_PORT = 2380

/** `host`: the node's address as the other nodes see it, or one to listen on. */
export const clientUrl = (host: string): string => `https://${host}:${CLIENT_PORT}`

/** `host`: the node's address as the other nodes see it, or one to listen on. */
export const peerUrl = (host: string): string => `https://${host}:${PEER_PORT}`

/** The name that a node's member has once it has started. */
export const memberName = ({ hostnameOverride }: { readonly hostnameOverride: string }): string =>
  `etcd-${hostnameOverride}`
