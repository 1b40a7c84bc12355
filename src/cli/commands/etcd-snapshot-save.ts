import type { SaveResult } from '../../operations/snapshots/save-results.ts'
import { saveSnapshot } from '../../operations/snapshots/save-snapshot.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { bucketOptions } from '../local/snapshot-bucket.ts'
import { choosePlanRenderer } from '../output/renderers/choose-renderer.ts'
import type { Renderer } from '../output/renderers/renderer.ts'
import { savedLine } from '../output/saved-snapshots.ts'
import { withRenderer } from '../running/follow.ts'
import { printDryRun } from '../running/print-dry-run.ts'

/** `rke etcd snapshot-save`: saves etcd on all etcd nodes, and to a bucket. With `--dry-run` the plan alone goes to standard output. */
export const etcdSnapshotSaveCommand: CommandAction = async (flags, context) => {
  const { io } = context
  const dryRun = flags.on('dry-run')
  return withRenderer(await choosePlanRenderer(flags, context), context, async (following) => {
    const { renderer, follow } = following
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const bucket = await bucketOptions(flags, renderer)
    const { config, deps, options } = await openCluster(flags, io, following)
    const result = await follow(
      saveSnapshot(config, deps, {
        ...options,
        name: flags.text('name'),
        overwrite: flags.on('overwrite'),
        dryRun,
        ...bucket,
      }),
    )
    if (!dryRun) return report(result, renderer)
    const { missing, plan, steps } = result
    const leftOut = missing.map(({ node, why }) => `${node}: ${why}`)
    printDryRun({ plan, steps, leftOut }, 'rke etcd snapshot-save', flags, io, following)
    return DONE
  })
}

function report(
  { copy, missing, name, saved }: SaveResult,
  renderer: Pick<Renderer, 'say' | 'result'>,
): number {
  for (const snapshot of saved) renderer.say('info', `[etcd] ${savedLine(snapshot)}`)
  if (copy !== undefined) {
    const { bucket, endpoint, key } = copy
    renderer.say('info', `[etcd] Copied to [${key}] in the bucket [${bucket}] of [${endpoint}]`)
  }
  const where =
    missing.length === 0 ? 'all etcd hosts' : `${saved.length} of ${saved.length + missing.length} etcd hosts`
  renderer.say('info', `Finished saving/uploading snapshot [${name}] on ${where}`)
  renderer.result({ name, saved, missing, ...(copy && { copy }) })
  return DONE
}
