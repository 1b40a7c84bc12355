import { UsageError } from '../../errors.ts'
import { type RemoveSnapshotsOptions, removeSnapshots } from '../../operations/snapshots/remove-snapshots.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { planFirst } from '../local/prompts/confirm-plan.ts'
import { bucketOptions } from '../local/snapshot-bucket.ts'
import { choosePlanRenderer } from '../output/renderers/choose-renderer.ts'
import { parseAge } from '../parsing/age.ts'
import type { Flags } from '../parsing/flags.ts'
import { withRenderer } from '../running/follow.ts'
import { printDryRun } from '../running/print-dry-run.ts'

const COMMAND = 'rke etcd snapshot-rm'
const STEP = 'read the command line'

/** `rke etcd snapshot-rm`: removes snapshots, after asking. */
export const etcdSnapshotRmCommand: CommandAction = async (flags, context) => {
  const { io } = context
  return withRenderer(await choosePlanRenderer(flags, context), context, async (following) => {
    const { renderer } = following
    const choice = choiceOf(flags)
    const question = 'Are you sure you want to remove these snapshots'
    const first = planFirst(flags, io, following, { command: COMMAND, question })
    const bucket = await bucketOptions(flags, renderer)
    const { config, deps, options } = await openCluster(flags, io, following)
    const result = await following.follow(
      removeSnapshots(config, deps, {
        ...options,
        ...bucket,
        ...choice,
        ...first,
      }),
    )
    if (result.steps.length === 0) renderer.say('info', 'There are no such snapshots: nothing is removed')
    if (first.dryRun) return printDryRun(result, COMMAND, flags, io, following)
    if (result.steps.length > 0) renderer.say('info', 'Removed the snapshots')
    return DONE
  })
}

function choiceOf(flags: Flags): Pick<RemoveSnapshotsOptions, 'names' | 'olderThanMs' | 'keep'> {
  const names = flags.each('name')
  const [age, keep] = [flags.text('older-than'), flags.text('keep')]
  if (names.length > 0 ? age !== '' || keep !== '' : age === '' && keep === '') {
    throw new UsageError('which snapshots are to be removed is not clear', {
      step: STEP,
      hint: 'give names, or --older-than, --keep, or both of these; "rke etcd snapshot-ls" lists the snapshots',
    })
  }
  return {
    ...(names.length > 0 && { names }),
    ...(age !== '' && { olderThanMs: ageOf(age) }),
    ...(keep !== '' && { keep: countOf(keep) }),
  }
}

function ageOf(text: string): number {
  const age = parseAge(text)
  if (age !== undefined) return age
  throw new UsageError(`--older-than is an age such as 30d or 12h, not "${text}"`, { step: STEP })
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`--keep is a number from 1 on, not "${text}"`, { step: STEP })
}
