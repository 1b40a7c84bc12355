import type { ClusterConfig } from '../../config/cluster-config.ts'
import { keyNames } from '../../desired/encryption/key-names.ts'
import { readsAll, readsWritten, unreadableResources } from '../../desired/encryption/merge.ts'
import { PlanRefusedError, SnapshotError } from '../../errors.ts'
import { quorumOf } from '../../etcd/members/quorum.ts'
import { SCRATCH_FOLDER } from '../../node-paths.ts'
import { nodesWithRole } from '../../role.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { wholeMegabytes } from '../../whole-megabytes.ts'
import type { ChosenSnapshot } from './restore-view.ts'

const STEP = 'plan the restore'

/** A cluster whose etcd this program does not run has nothing to restore. */
export function refuseExternalEtcd({ services, nodes }: ClusterConfig): void {
  if (services.etcd.externalUrls.length === 0 && nodesWithRole(nodes, 'etcd').length > 0) return
  throw new PlanRefusedError('cluster.yml has no etcd node', {
    step: STEP,
    untouched: true,
    hint: 'restore etcd with the tools of whoever runs it',
    key: ['services', 'etcd'],
  })
}

/** A cluster with a new authority would not accept what the old one has signed, and without its keys nothing reads Secrets. */
export function refuseStateless(
  state: ClusterState,
  { hasCertificates, useLocalState }: { readonly hasCertificates: boolean; readonly useLocalState: boolean },
): void {
  if (hasCertificates || state.desiredState.certificatesBundle !== undefined) return
  const where = useLocalState ? 'this machine has not' : 'neither the snapshot nor this machine has'
  throw new PlanRefusedError(`${where} the state of the cluster`, {
    step: STEP,
    why: 'without it the certificates and keys of the cluster are lost',
    untouched: true,
    hint: 'put cluster.rkestate beside the cluster file (a copy, or from "rke util get-state-file"), or choose a snapshot that has a state: "rke etcd snapshot-ls" says which',
  })
}

/**
 * The restored cluster has the members that can be reached, and so its quorum; the others join it later, with none of their data.
 * @param skipped addresses of nodes that cannot be reached
 */
export function refuseNothingReached({ nodes }: ClusterConfig, skipped: readonly string[]): void {
  for (const role of ['etcd', 'controlplane'] as const) {
    const all = nodesWithRole(nodes, role)
    if (all.some(({ address }) => !skipped.includes(address))) continue
    const name = role === 'etcd' ? 'etcd node' : 'control plane node'
    throw new PlanRefusedError(`none of the ${all.length} ${name}s can be reached`, {
      step: STEP,
      untouched: true,
      hint: 'bring one back, or name machines in cluster.yml that can be reached',
    })
  }
}

/**
 * Members that are a quorum of the cluster from before serve it without the others: who restores beside them has to know that
 * they do not run.
 * @param former addresses of its members; where none is known, they are those of cluster.yml
 * @param skipped addresses of nodes that cannot be reached
 */
export function refuseSkippedQuorum(
  { nodes }: ClusterConfig,
  former: ReadonlySet<string>,
  skipped: readonly string[],
): void {
  const all = former.size > 0 ? [...former] : nodesWithRole(nodes, 'etcd').map(({ address }) => address)
  const away = all.filter((address) => skipped.includes(address))
  if (away.length < quorumOf(all.length)) return
  throw new PlanRefusedError(
    `${away.length} of ${all.length} etcd members of the cluster from before cannot be reached: ${away.join(', ')}`,
    {
      step: STEP,
      why: 'they are a quorum: if they run, that cluster goes on beside the restored one, with the same certificates',
      untouched: true,
      hint: 'switch them off, and run the same command again with --skipped-are-off',
    },
  )
}

/**
 * Each node gets the archive and the database, and from that its member's data; what etcd has there now stays meanwhile.
 * @param free bytes by address
 */
export function refuseFullDisks({ file, content }: ChosenSnapshot, free: ReadonlyMap<string, number>): void {
  const needed = file.bytes + 2 * content.bytes
  const full = [...free].filter(([, bytes]) => bytes < needed)
  if (full.length === 0) return
  const list = full.map(([address, bytes]) => `${address} has ${wholeMegabytes(bytes)} MB free`).join(', ')
  throw new SnapshotError(
    `the disks have no room for ${file.name}: ${list}, and ${wholeMegabytes(needed)} MB are needed`,
    {
      step: STEP,
      untouched: true,
      hint: `free some space where ${SCRATCH_FOLDER} and etcd's data are`,
    },
  )
}

/**
 * The data of before stays beside the new one until a restore has succeeded, on a disk that is often another one than that of snapshots.
 * @param free bytes where etcd's data is, by address; `undefined` where there is no data directory yet.
 */
export function refuseFullData(
  { file, content }: ChosenSnapshot,
  free: ReadonlyMap<string, number | undefined>,
): void {
  const full = [...free].filter(([, bytes]) => bytes !== undefined && bytes < content.bytes)
  if (full.length === 0) return
  const list = full
    .map(([address, bytes = 0]) => `${address} has ${wholeMegabytes(bytes)} MB free`)
    .join(', ')
  throw new SnapshotError(
    `etcd's data directory has no room for the database of ${file.name}: ${list}, and ${wholeMegabytes(content.bytes)} MB are needed`,
    {
      step: STEP,
      untouched: true,
      hint: "free some space on the disk of etcd's data: what it has now is kept beside until the restore has succeeded",
    },
  )
}

/**
 * Secrets in the snapshot must be readable with the configuration that API servers get, also those that are not encrypted.
 * @param stored provider file of the cluster that the snapshot is of; empty: none
 * @param mixed Secrets were being rewritten: any of its providers may have written some
 */
export function refuseUnreadable(stored: string, wanted: string, mixed: boolean): void {
  const reads = mixed ? readsAll : readsWritten
  if (reads(wanted, stored) && (stored === '' || unreadableResources(stored, wanted).length === 0)) return
  throw new PlanRefusedError('secrets_encryption_config does not read what is stored in the snapshot', {
    step: STEP,
    untouched: true,
    hint: 'set services.kube-api.secrets_encryption_config as it was when the snapshot was taken; after the restore change it and run "rke up"',
    key: ['services', 'kubeApi', 'secretsEncryptionConfig'],
  })
}

/**
 * A snapshot without a state does not say with which keys its Secrets are encrypted, but each of them names its key.
 * @param wanted provider file that API servers get; empty: none
 * @returns what is to be warned of
 */
export function refuseOtherKeys(
  { file, content: { encryptedWith = [] } }: ChosenSnapshot,
  wanted: string,
  useLocalState: boolean,
): string | undefined {
  const known = keyNames(wanted)
  const others = encryptedWith.filter((name) => !known.includes(name))
  if (others.length === 0) return undefined
  const keys = others.join(', ')
  if (useLocalState || others.length < encryptedWith.length) {
    return `${file.name} has data that is encrypted with ${keys}, which secrets_encryption_config does not name: Secrets can be read only if that key was replaced before the snapshot was taken`
  }
  throw new PlanRefusedError(`secrets_encryption_config does not name the key of ${file.name}: ${keys}`, {
    step: STEP,
    why: 'API servers could not read those Secrets, and the snapshot has no state with the key',
    untouched: true,
    hint: 'put a cluster.rkestate from when the snapshot was taken beside the cluster file (they are kept under a time stamp, and other snapshots may hold one), or set services.kube-api.secrets_encryption_config.custom_config with that key; where it is known that no Secret needs it any more, --use-local-state restores all the same',
    key: ['services', 'kubeApi', 'secretsEncryptionConfig'],
  })
}
