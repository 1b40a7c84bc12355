import { UsageError } from '../../errors.ts'
import { type AbortResult, abortRestore } from '../../operations/snapshots/abort-restore.ts'
import { type RestoreResult, restoreSnapshot } from '../../operations/snapshots/restore-snapshot.ts'
import { programVersion } from '../../program-version.ts'
import type { RestoreOptions, VersionChoice } from '../../session/restore/restore-options.ts'
import { restoreCommand } from '../../snapshots/restore-command.ts'
import { snapshotName } from '../../snapshots/snapshot-name.ts'
import type { CommandContext } from '../command-context.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { doneBut } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { askLine } from '../local/prompts/ask.ts'
import { planFirst } from '../local/prompts/confirm-plan.ts'
import { bucketOfFlags } from '../local/snapshot-bucket.ts'
import { printable } from '../output/redact.ts'
import { choosePlanRenderer } from '../output/renderers/choose-renderer.ts'
import { megabytes } from '../output/units.ts'
import type { Flags } from '../parsing/flags.ts'
import { type Following, withRenderer } from '../running/follow.ts'
import { printDryRun } from '../running/print-dry-run.ts'

const COMMAND = 'rke etcd snapshot-restore'

/** `rke etcd snapshot-restore`: rebuilds the cluster from a snapshot. */
export const etcdSnapshotRestoreCommand: CommandAction = async (flags, context) => {
  const { io } = context
  return withRenderer(await choosePlanRenderer(flags, context), context, async (following) => {
    const { renderer } = following
    if (flags.on('abort')) return abort(flags, context, following)
    const name = flags.text('name')
    if (name === '') throw withoutName()
    const command = restoreCommand(name)
    const first = planFirst<RestoreResult>(flags, io, following, { command, question: questionOf })
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const bucket = await bucketOfFlags(flags, renderer)
    const { config, deps, options } = await openCluster(flags, io, following, { builds: true })
    const result = await following.follow(
      restoreSnapshot(config, deps, {
        ...options,
        ...choices(flags, context, following),
        ...first,
        name,
        ...(bucket && { bucket }),
        ...(flags.text('s3-via') === 'local' && { bucketVia: 'local' }),
      }),
    )
    if (first.dryRun) return printDryRun(result, command, flags, io, following)
    for (const text of result.leftOut) renderer.say('warning', `[addons] Not done: ${text}`)
    renderer.say('info', `Snapshot [${snapshotName(name)}] is restored, and all nodes are Ready`)
    return doneBut(result.leftOut)
  })
}

/** `--abort`: goes back from a restore that is not done. */
async function abort(flags: Flags, context: CommandContext, following: Following): Promise<number> {
  const { io } = context
  const { renderer, follow } = following
  const command = `${COMMAND} --abort`
  const question = 'Are you sure you want to go back to the cluster from before the restore'
  const first = planFirst<AbortResult>(flags, io, following, { command, question })
  renderer.say('info', `Running RKE version: ${programVersion}`)
  const { config, deps, options } = await openCluster(flags, io, following, { builds: true })
  const result = await follow(abortRestore(config, deps, { ...options, ...first }))
  if (first.dryRun) return printDryRun(result, command, flags, io, following)
  for (const text of result.leftOut) renderer.say('warning', `[addons] Not done: ${text}`)
  renderer.say('info', 'The restore is aborted: the cluster is what it was before')
  return doneBut(result.leftOut)
}

function choices(
  flags: Flags,
  { io }: CommandContext,
  { renderer, stop }: Following,
): Pick<
  RestoreOptions,
  'useLocalState' | 'cleanFormerNodes' | 'skippedAreOff' | 'from' | 'kubernetesVersion' | 'chooseVersion'
> {
  const from = flags.text('from')
  const version = flags.text('kubernetes-version')
  return {
    useLocalState: flags.on('use-local-state'),
    skippedAreOff: flags.on('skipped-are-off'),
    cleanFormerNodes: flags.on('clean-former-nodes'),
    ...(from !== '' && { from }),
    ...(isChoice(version) && { kubernetesVersion: version }),
    ...(io.stdin.isTTY && {
      chooseVersion: async ({ snapshot, config }) => {
        const question = `The snapshot is of Kubernetes ${snapshot}, and cluster.yml says ${config}. Restore with that of the snapshot [y], or that of cluster.yml [n]: `
        const resume = renderer.pause()
        try {
          const output = flags.text('output') === 'json' ? io.stderr : io.stdout
          const answer = await askLine(question, io.stdin, output, {
            signal: stop,
            instead: '--kubernetes-version',
          })
          if (/^y$/i.test(answer)) return 'from-snapshot'
          return /^n$/i.test(answer) ? 'from-config' : undefined
        } finally {
          resume()
        }
      },
    }),
  }
}

const isChoice = (text: string): text is VersionChoice => text === 'from-snapshot' || text === 'from-config'

/** What is lost, before somebody says yes. */
function questionOf({ restored }: RestoreResult): string {
  if (restored === undefined) {
    return 'The restored cluster works. What etcd had before the restore is deleted from the nodes now. Are you sure'
  }
  const { file, content, members, cleaned } = restored
  const revision = content.revision === undefined ? '' : `, revision ${content.revision}`
  const where = file.place.kind === 'node' ? file.place.address : 'S3'
  const text = [
    `Snapshot ${file.name} of ${file.modified.toISOString()} (${megabytes(content.bytes)} MB${revision}) from ${where}`,
    `takes the place of all that the cluster holds now, on the etcd nodes ${members.join(', ')}.`,
    ...(cleaned.length === 0
      ? []
      : [`The cluster is taken off ${cleaned.join(', ')}, too, which cluster.yml does not name.`]),
    'Whatever was changed in the cluster after it is lost. Are you sure',
  ]
  return text.map(printable).join('\n')
}

function withoutName(): UsageError {
  return new UsageError('--name says which snapshot is restored, and is missing', {
    step: 'read the command line',
    hint: '"rke etcd snapshot-ls" lists the snapshots',
  })
}
