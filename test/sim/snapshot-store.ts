import { hash } from 'node:crypto'
import { databasePages, snapshotDatabase } from '../unit/fakes/rke-archive.ts'
import type { EtcdCluster } from './etcd-cluster.ts'
import type { KubeStore } from './kube-store.ts'

/** What `etcdctl snapshot status -w json` says of a database. */
export interface DatabaseStatus {
  readonly revision: number
  readonly totalKey: number
  readonly totalSize: number
}

const HASH_BYTES = 32

/**
 * What snapshots stand for: a database on a simulated disk is a file of the right form, and the objects that it would
 * hold are here, by its hash.
 */
export class SnapshotStore {
  readonly #objects = new Map<string, KubeStore>()

  copy(): SnapshotStore {
    const copy = new SnapshotStore()
    for (const [key, objects] of this.#objects) copy.#objects.set(key, objects)
    return copy
  }

  /** The snapshot of a cluster as it is now; of equal data there is one. */
  take({ id, kube }: EtcdCluster): Buffer {
    const database = snapshotDatabase(databaseText(kube, kube.revision, id))
    const key = hashOf(database)
    if (!this.#objects.has(key)) this.#objects.set(key, kube.copy())
    return database
  }

  /** The objects of a snapshot; why there are none, in etcdctl's words. */
  read(database: Buffer): { readonly kube: KubeStore; readonly hash: string } | string {
    if (database.length % 512 !== HASH_BYTES) return 'snapshot missing hash but --skip-hash-check=false'
    const actual = hash('sha256', database.subarray(0, -HASH_BYTES))
    const stored = hashOf(database)
    if (actual !== stored) return `expected sha256 [${stored}], got [${actual}]`
    const kube = this.#objects.get(stored)
    return kube === undefined ? 'invalid database' : { kube: kube.copy().branch(), hash: stored }
  }
}

/** The database of a member. */
export const memberDatabase = (kube: KubeStore, revision = kube.revision): Buffer =>
  databasePages(databaseText(kube, revision))

/** What stands in a database in place of what bbolt writes. */
const databaseText = (kube: KubeStore, revision: number, from?: string): string =>
  JSON.stringify({ revision, keys: kube.size, from })

/** What `etcdctl snapshot status` reads in a database, that of a snapshot or of a member; why it cannot be read. */
export function statusOf(database: Buffer): DatabaseStatus | string {
  const begin = database.indexOf('{')
  try {
    const { revision, keys } = JSON.parse(database.subarray(begin, database.indexOf(0, begin)).toString())
    return { revision, totalKey: keys, totalSize: database.length - (database.length % 512) }
  } catch {
    return 'invalid database'
  }
}

/** Hex of the hash at the end of a snapshot. */
export const hashOf = (database: Buffer): string => database.subarray(-HASH_BYTES).toString('hex')
