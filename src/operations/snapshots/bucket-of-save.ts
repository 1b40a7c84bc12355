import type { ClusterConfig } from '../../config/cluster-config.ts'
import { PlanRefusedError, S3Error, SnapshotError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import type { Bucket } from '../../s3/bucket.ts'
import { closing } from '../../session/closing.ts'
import { endOf } from '../../session/end-of-run.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import { openSnapshotBucket } from '../../session/snapshots/open-snapshot-bucket.ts'
import type { SavedSnapshot } from '../../snapshots/saved-snapshot.ts'
import { archiveFileName } from '../../snapshots/snapshot-name.ts'

/** The save whose archive goes to the bucket. */
export interface CopiedSave {
  /** With the bucket of the run, secrets filled in. */
  readonly config: ClusterConfig
  /** Without `.zip`. */
  readonly name: string
  readonly nodes: ReadonlyMap<string, Node>
}

/**
 * Makes sure, before anything is saved, that the bucket has no archive of this name: RKE's helper would keep that one and say that it
 * copied. A bucket that cannot be used is a warning: the snapshot is worth something on the nodes alone.
 * @throws PlanRefusedError if it has one.
 */
export async function mustBeNewInBucket(save: CopiedSave, operation: Operation): Promise<void> {
  await inBucket(save, operation, 'The snapshot will be on the nodes alone', async (bucket, file) => {
    const found = await bucket.stat(file, endOf(operation.options))
    if (found === undefined || found.bytes === 0) return
    throw new PlanRefusedError(`there is a snapshot named ${save.name} already, in ${bucket.where}`, {
      why: 'what is in a bucket is not replaced',
      untouched: true,
      hint: `choose another name, or remove it first: rke etcd snapshot-rm ${save.name}`,
    })
  })
}

/**
 * Makes sure, after a save whose helper reported success, that the bucket has the archive of one of the nodes.
 * @throws SnapshotError if it has not.
 */
export async function mustBeInBucket(
  save: CopiedSave,
  saved: readonly SavedSnapshot[],
  operation: Operation,
): Promise<void> {
  await inBucket(
    save,
    operation,
    'It is not known whether the bucket has the archive',
    async (bucket, file) => {
      const found = await bucket.stat(file, endOf(operation.options))
      if (saved.some(({ bytes }) => bytes === found?.bytes)) return
      const sizes = saved.map(({ bytes, node }) => `${bytes} bytes on ${node}`).join(', ')
      throw new SnapshotError(`${bucket.keyOf(file)} in ${bucket.where} is not the archive that was saved`, {
        step: 'check the copy of the snapshot',
        why: found === undefined ? 'it is not there' : `it has ${found.bytes} bytes; ${sizes}`,
        hint: 'save again under another name',
      })
    },
  )
}

/** Lends the bucket, if there is one; that it cannot be used is a warning. */
async function inBucket(
  { config, name, nodes }: CopiedSave,
  operation: Operation,
  meaning: string,
  use: (bucket: Bucket, file: string) => Promise<void>,
): Promise<void> {
  try {
    const bucket = await openSnapshotBucket(config, nodes, operation)
    if (bucket !== undefined) await closing(bucket, () => use(bucket, archiveFileName(name)))
  } catch (thrown) {
    if (!(thrown instanceof S3Error)) throw thrown
    const text = `${meaning}: ${thrown.message}`
    operation.emit({
      type: 'notice',
      level: 'warning',
      area: 's3',
      text,
      ...(thrown.host && { node: thrown.host }),
    })
  }
}
