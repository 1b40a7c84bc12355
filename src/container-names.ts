import { SOURCE_FOLDER, VERIFY_FOLDER } from './node-paths.ts'
import type { Role } from './role.ts'

/** The plane that each service belongs to: nodes of that role run it, and all nodes those of `worker`. */
const PLANES = {
  etcd: 'etcd',
  'etcd-rolling-snapshots': 'etcd',
  'service-sidekick': 'worker',
  'kube-apiserver': 'controlplane',
  'kube-controller-manager': 'controlplane',
  'kube-scheduler': 'controlplane',
  'nginx-proxy': 'worker',
  kubelet: 'worker',
  'kube-proxy': 'worker',
} as const satisfies Readonly<Record<string, Role>>

export type ServiceContainer = keyof typeof PLANES

/** The containers of Kubernetes and etcd themselves, in the order in which they depend on each other. */
export const SERVICE_CONTAINERS = Object.keys(PLANES) as readonly ServiceContainer[]

export const isServiceContainer = (name: string): name is ServiceContainer => Object.hasOwn(PLANES, name)

/** The plane of a service, or `undefined` if a container is none. */
export const planeOf = (name: string): Role | undefined =>
  isServiceContainer(name) ? PLANES[name] : undefined

const REPLACED = 'old-'

/** The name that a container has while its replacement is started; afterwards it is removed. */
export const replacedName = (name: string): string => `${REPLACED}${name}`

/** The name of the container whose replacement left this one behind; `undefined` for all others. */
export const replacementOf = (name: string): string | undefined =>
  name.startsWith(REPLACED) ? name.slice(REPLACED.length) : undefined

/**
 * Helper containers of this program, each for one task and removed after it. They have the names that RKE gives its own,
 * so that either program removes what the other left.
 */
export const HELPER = {
  readFiles: 'cert-fetcher',
  viewFiles: 'cert-viewer',
  changeFiles: 'file-deployer',
  etcdPermissions: 'etcd-fix-perm',
  cleanHost: 'host-cleaner',
  clearFolders: 'kube-cleaner',
  linkLogs: 'rke-log-linker',
  removeLogs: 'rke-log-cleaner',
  checkSelinux: 'rke-selinux-checker',
  readSnapshots: 'etcd-snapshot-reader',
  listSnapshots: 'etcd-snapshot-lister',
  downloadSnapshot: 'etcd-download-backup',
  fetchedSnapshot: 'etcd-snapshot-fetched',
  saveSnapshot: 'etcd-snapshot-once',
  readEtcdData: 'etcd-data-reader',
  viewEtcdData: 'etcd-data-viewer',
  verifyDownload: 'etcd-download-verifier',
  verifyStored: 'etcd-stored-verifier',
  keepEtcdData: 'etcd-data-keeper',
  recoverEtcd: 'etcd-recover',
  restoreEtcd: 'etcd-restore',
  moveEtcdData: 'etcd-data-mover',
  sendSnapshot: 'etcd-Serve-backup',
} as const

/** Helpers of RKE of whose kind this program needs none. */
const OTHER_HELPERS_OF_RKE = [
  'cert-deployer',
  'cluster-state-deployer',
  'etcd-checksum-checker',
  'etcd-extract-statefile',
  'etcd-remove-snapshot',
  'extract-statefile-configmap',
  'rke-bundle-cert',
  'rke-cp-port-listener',
  'rke-etcd-port-listener',
  'rke-port-checker',
  'rke-worker-port-listener',
] as const

/** Every helper that may be found on a node. */
export const HELPER_CONTAINERS: readonly string[] = [...Object.values(HELPER), ...OTHER_HELPERS_OF_RKE]

/** Helpers that only runs without a lock use, of which any number may be at work: each container has a name of its own. */
const UNLOCKED: ReadonlySet<string> = new Set([
  HELPER.viewFiles,
  HELPER.listSnapshots,
  HELPER.viewEtcdData,
  HELPER.verifyDownload,
  HELPER.verifyStored,
])

/** Whether each container of a helper has a name of its own: that of the helper, and eight hexadecimal digits. */
export const isNamedApart = (helper: string): boolean => UNLOCKED.has(helper)

/** The helper whose container has this name; the name itself of all other containers. */
export function helperOf(name: string): string {
  const helper = name.replace(/-[0-9a-f]{8}$/, '')
  return isNamedApart(helper) ? helper : name
}

/** Helpers that only read, of runs that hold no lock: they may be at work while another run changes the cluster. */
const READERS: ReadonlySet<string> = new Set([HELPER.readFiles, ...UNLOCKED])

/** Names of the helpers by which a run reads snapshots and etcd's data. */
export interface ReadingHelpers {
  readonly snapshots: string
  readonly etcdData: string
  /** Copies a snapshot from the bucket, to be read. */
  readonly download: string
  /** Folder on the node that has that copy, and nothing else. */
  readonly folder: string
  /** Others may read at the same time: the copy is in a folder of its own in there. */
  readonly sharesFolder: boolean
  /** Removes it. */
  readonly removal: string
}

/** Of a run that holds the lock. */
const OF_LOCKED: ReadingHelpers = {
  snapshots: HELPER.readSnapshots,
  etcdData: HELPER.readEtcdData,
  download: HELPER.downloadSnapshot,
  folder: SOURCE_FOLDER,
  sharesFolder: false,
  removal: HELPER.changeFiles,
}

/** Of a run that only reads and holds no lock. */
export const OF_UNLOCKED: ReadingHelpers = {
  snapshots: HELPER.listSnapshots,
  etcdData: HELPER.viewEtcdData,
  download: HELPER.verifyDownload,
  folder: VERIFY_FOLDER,
  sharesFolder: true,
  removal: HELPER.verifyDownload,
}

/** The same, for a snapshot of the bucket: at the same time those of the node itself may be read there. */
export const OF_UNLOCKED_STORED: ReadingHelpers = { ...OF_UNLOCKED, snapshots: HELPER.verifyStored }

/** A dry run holds no lock. */
export const readingHelpers = ({
  dryRun = false,
}: {
  readonly dryRun?: boolean | undefined
}): ReadingHelpers => (dryRun ? OF_UNLOCKED : OF_LOCKED)

/**
 * Helpers that only a run that was interrupted while it changed the node leaves behind; the next one removes them. The note of what
 * a restore has fetched is none: it goes with that.
 */
export const INTERRUPTED_HELPERS: ReadonlySet<string> = new Set([
  ...Object.values(HELPER).filter((name) => !READERS.has(name) && name !== HELPER.fetchedSnapshot),
  'cert-deployer',
])

/** Of these, helpers that another command may be running at the moment, which does not change the cluster. */
export const HELPERS_OF_OTHERS: ReadonlySet<string> = new Set([HELPER.saveSnapshot, HELPER.readSnapshots])

/** Docker's option for containers that may use what a cluster keeps on its nodes, where Docker labels them for SELinux. */
export const SELINUX_TYPE = 'label=type:rke_container_t'
