import type { ActionHandler } from '../action-handler.ts'

export const bucketRemove: ActionHandler<'bucket.remove'> = {
  describe: ({ files }) =>
    files.length === 1
      ? `remove snapshot ${files[0]} from the bucket`
      : `remove ${files.length} objects of snapshots from the bucket`,
  async run({ files }, { bucket, progress, signal }) {
    for (const file of files) {
      progress(file)
      await bucket().remove(file, signal)
    }
  },
}
