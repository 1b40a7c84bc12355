import { type RecoverQuorumResult, recoverQuorum } from '../../operations/snapshots/recover-quorum.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { planFirst } from '../local/prompts/confirm-plan.ts'
import { choosePlanRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'
import { printDryRun } from '../running/print-dry-run.ts'

const COMMAND = 'rke etcd recover'

/** `rke etcd recover`: makes a cluster of one etcd member from the best data that is left, after asking. */
export const etcdRecoverCommand: CommandAction = async (flags, context) => {
  const { io } = context
  return withRenderer(await choosePlanRenderer(flags, context), context, async (following) => {
    const { renderer } = following
    const discard = flags.on('discard')
    const question = discard
      ? 'Are you sure you want to delete this data of etcd'
      : 'Are you sure you want to go on with this data of etcd, and without all others'
    const first = planFirst<RecoverQuorumResult>(flags, io, following, { command: COMMAND, question })
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const { config, deps, options } = await openCluster(flags, io, following)
    const from = flags.text('from')
    const result = await following.follow(
      recoverQuorum(config, deps, {
        ...options,
        ...first,
        discard,
        ...(from !== '' && { from }),
      }),
    )
    if (first.dryRun) return printDryRun(result, COMMAND, flags, io, following)
    renderer.end()
    renderer.say('info', endText(result, discard))
    return DONE
  })
}

function endText({ steps }: RecoverQuorumResult, discard: boolean): string {
  if (discard) return steps.length === 0 ? 'Nothing was kept' : 'What the recovery had kept is deleted'
  return (
    'etcd is recovered with one member: bring the others back with "rke up". The data of before is kept beside theirs; ' +
    '"rke etcd recover --discard" deletes it'
  )
}
