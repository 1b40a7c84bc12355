/** What a cluster keeps on its nodes, as containers see it; on the node it is below the prefix path. */
export const KUBERNETES_FOLDER = '/etc/kubernetes'

/** Certificates, keys, kubeconfigs and the encryption provider file. */
export const CERTIFICATE_FOLDER = `${KUBERNETES_FOLDER}/ssl`

/** Where helper containers see the folder with snapshots; a part of names in archives. */
export const SNAPSHOT_MOUNT = '/backup'

/** Where etcd nodes keep snapshots, whatever the prefix path is. */
export const SNAPSHOT_FOLDER = '/opt/rke/etcd-snapshots'

/** Where a restore works on each etcd node, whatever the prefix path is. */
export const SCRATCH_FOLDER = '/opt/rke/etcd-snapshots-restore'

/** Where a snapshot of the bucket is while it is read on a node for a restore. */
export const SOURCE_FOLDER = '/opt/rke/etcd-snapshots-source'

/** Where a snapshot of the bucket is while it is only verified on a node, or a restore only planned. */
export const VERIFY_FOLDER = '/opt/rke/etcd-snapshots-verify'
