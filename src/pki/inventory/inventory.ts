/** The name of the cluster's certificate authority. */
export const CLUSTER_CA = 'kube-ca'
/** The name of the authority that signs the API server's client certificate towards aggregated APIs. */
export const REQUEST_HEADER_CA = 'kube-apiserver-requestheader-ca'
/** The entry whose key signs the tokens of ServiceAccounts. Nothing uses its certificate. */
export const TOKEN_CERTIFICATE = 'kube-service-account-token'

/** One kind of certificate. Rows with `perNode` stand for one certificate per node: `<name>-<node part>`. */
export interface InventoryRow {
  readonly name: string
  readonly perNode?: 'etcd' | 'all'
  /** The subject's CN; absent: the full certificate name. */
  readonly commonName?: string
  /** The subject's O. */
  readonly organization?: string
  /** Extended key usage: `client` clientAuth, `server` clientAuth and serverAuth. */
  readonly usage: 'ca' | 'client' | 'server' | 'supplied'
  readonly signer: typeof CLUSTER_CA | typeof REQUEST_HEADER_CA | 'self' | 'outside'
  /** Where the subject alternative names come from. */
  readonly names?: 'api-server' | 'etcd' | 'node'
  /** Besides a missing certificate: what makes a plain run issue it again. */
  readonly reissue?: 'names-differ' | 'unusable-or-expiring'
  /** `files`: refers to files on the node. `embedded`: the administrator's, with data in it. */
  readonly kubeconfig?: 'files' | 'embedded'
  /** Nodes that get the certificate, its key and its kubeconfig. */
  readonly shippedTo: 'every' | 'controlplane' | 'etcd' | 'none'
  /** Nodes that get the key, where those are fewer. */
  readonly keyShippedTo?: 'controlplane'
  /** `commonName` as the state file says it, which is not always the real one; absent: `system:` + name. */
  readonly stateCommonName?: string
  /** Containers that are restarted for another certificate or key. */
  readonly usedBy: readonly string[]
  /** The names `cert rotate --service` knows it by. */
  readonly rotatedWith?:
    | 'kube-apiserver'
    | 'kube-controller-manager'
    | 'kube-scheduler'
    | 'kubelet'
    | 'kube-proxy'
    | 'etcd'
  /** A changed key without a changed certificate restarts nothing. */
  readonly keyUnused?: true
  /**
   * A changed certificate restarts nothing, nor does its key: etcd reads both for each connection, the API server whenever a
   * file changes, its client of etcd for each connection.
   */
  readonly rereadWhileRunning?: true
  /**
   * The container that is a client with it, besides: it takes up a changed certificate when it next opens a connection,
   * and then closes all that it has, the new one included. Whatever asks for that connection fails.
   * (`connrotation` in client-go, of which every component with a certificate in files makes its connections.)
   */
  readonly client?: 'kube-apiserver'
  /** Kept when everything else is renewed. */
  readonly neverRenewed?: true
}

/**
 * Every certificate of a cluster, in the order in which they are made. The names, subjects, usages and
 * signers are fixed: running clusters and their role bindings depend on them.
 */
export const INVENTORY: readonly InventoryRow[] = [
  {
    name: CLUSTER_CA,
    usage: 'ca',
    signer: 'self',
    shippedTo: 'every',
    keyShippedTo: 'controlplane',
    // All that ask the API server read it when they start, by their kubeconfigs.
    usedBy: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy', 'etcd'],
    keyUnused: true,
  },
  {
    name: REQUEST_HEADER_CA,
    usage: 'ca',
    signer: 'self',
    kubeconfig: 'files',
    shippedTo: 'controlplane',
    usedBy: ['kube-apiserver'],
    keyUnused: true,
  },
  {
    name: 'kube-apiserver',
    usage: 'server',
    signer: CLUSTER_CA,
    names: 'api-server',
    reissue: 'names-differ',
    shippedTo: 'controlplane',
    usedBy: ['kube-apiserver', 'kube-controller-manager'],
    rereadWhileRunning: true,
    // Towards kubelets.
    client: 'kube-apiserver',
    rotatedWith: 'kube-apiserver',
  },
  {
    // Only its key matters: it signs service account tokens, so all tokens would become void with another.
    name: TOKEN_CERTIFICATE,
    usage: 'client',
    signer: CLUSTER_CA,
    shippedTo: 'controlplane',
    stateCommonName: 'kube-service-account-token',
    neverRenewed: true,
    usedBy: ['kube-apiserver', 'kube-controller-manager'],
  },
  {
    name: 'kube-controller-manager',
    commonName: 'system:kube-controller-manager',
    usage: 'client',
    signer: CLUSTER_CA,
    kubeconfig: 'files',
    shippedTo: 'controlplane',
    usedBy: ['kube-controller-manager'],
    rotatedWith: 'kube-controller-manager',
  },
  {
    name: 'kube-scheduler',
    commonName: 'system:kube-scheduler',
    usage: 'client',
    signer: CLUSTER_CA,
    kubeconfig: 'files',
    shippedTo: 'controlplane',
    usedBy: ['kube-scheduler'],
    rotatedWith: 'kube-scheduler',
  },
  {
    name: 'kube-proxy',
    commonName: 'system:kube-proxy',
    usage: 'client',
    signer: CLUSTER_CA,
    kubeconfig: 'files',
    shippedTo: 'every',
    usedBy: ['kube-proxy'],
    rotatedWith: 'kube-proxy',
  },
  {
    name: 'kube-node',
    commonName: 'system:node',
    organization: 'system:nodes',
    usage: 'client',
    signer: CLUSTER_CA,
    kubeconfig: 'files',
    shippedTo: 'every',
    stateCommonName: 'system:node',
    usedBy: ['kubelet'],
    rotatedWith: 'kubelet',
  },
  {
    name: 'kube-admin',
    commonName: 'kube-admin',
    organization: 'system:masters',
    usage: 'client',
    signer: CLUSTER_CA,
    reissue: 'unusable-or-expiring',
    kubeconfig: 'embedded',
    shippedTo: 'none',
    stateCommonName: 'kube-admin',
    usedBy: [],
  },
  {
    name: 'kube-apiserver-proxy-client',
    usage: 'server',
    signer: REQUEST_HEADER_CA,
    kubeconfig: 'files',
    shippedTo: 'controlplane',
    usedBy: ['kube-apiserver'],
    rereadWhileRunning: true,
  },
  {
    name: 'kube-etcd',
    perNode: 'etcd',
    commonName: 'kube-etcd',
    usage: 'server',
    signer: CLUSTER_CA,
    names: 'etcd',
    reissue: 'names-differ',
    shippedTo: 'etcd',
    usedBy: ['etcd'],
    rereadWhileRunning: true,
    rotatedWith: 'etcd',
  },
  {
    name: 'kube-kubelet',
    perNode: 'all',
    usage: 'server',
    signer: CLUSTER_CA,
    names: 'node',
    reissue: 'names-differ',
    shippedTo: 'every',
    // Up to v1.30 a kubelet reads it only when it starts.
    usedBy: ['kubelet'],
    rotatedWith: 'kubelet',
  },
  { name: 'kube-etcd-client', usage: 'supplied', signer: 'outside', shippedTo: 'controlplane', usedBy: [] },
  {
    name: 'kube-etcd-client-ca',
    usage: 'supplied',
    signer: 'outside',
    shippedTo: 'controlplane',
    usedBy: [],
  },
]

/** The row a certificate name belongs to; undefined for a name this program does not know. */
export function inventoryRow(name: string): InventoryRow | undefined {
  return (
    INVENTORY.find((row) => row.perNode === undefined && row.name === name) ??
    INVENTORY.find((row) => row.perNode !== undefined && name.startsWith(`${row.name}-`))
  )
}
