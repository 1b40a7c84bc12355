import { DeadlineError, EtcdError, type RkeError } from '../../errors.ts'
import { createRequest } from '../../node/containers/create-request.ts'
import { removeFiles } from '../../node/files/remove-files.ts'
import { runOnce } from '../../node/helpers/run-once.ts'
import { lastHelperMessage } from '../../node/snapshots/helper-message.ts'
import type { SnapshotSave } from '../../plan/action/snapshots.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'

export const snapshotSave: ActionHandler<'snapshot.save'> = {
  describe: ({ copies, snapshot }) =>
    copies ? `save the snapshot ${snapshot} and copy it to the bucket` : `save the snapshot ${snapshot}`,
  async run(action, context) {
    const failure = await runHelper(action, context)
    if (failure === undefined) return
    await removeLeftovers(action, context)
    // A helper that is to copy the archive may have failed at that alone: whether it is there is found out by reading it.
    if (!action.copies) throw failure
    context.snapshots().notCopied(action.node, failure)
    context.progress(`it failed: ${failure.message}; looking for the archive`)
  },
}

/** Why the helper failed, if it did. */
async function runHelper(
  action: SnapshotSave,
  { node, signal }: ActionContext,
): Promise<RkeError | undefined> {
  const { container, timeout } = action
  try {
    const { exitCode, stderr } = await runOnce(node(action.node), {
      name: container.name,
      container: createRequest(container),
      limitMs: timeout * 1000,
      signal,
    })
    return exitCode === 0 ? undefined : failureOf(action, lastHelperMessage(stderr))
  } catch (error) {
    if (error instanceof DeadlineError) return tookTooLong(action)
    await removeLeftovers(action, { node, signal })
    throw error
  }
}

function failureOf({ container, node, snapshot }: SnapshotSave, said: string): EtcdError {
  return new EtcdError(`the snapshot ${snapshot} was not saved`, {
    host: node,
    step: `run ${container.name}`,
    why: said,
    hint: /no space left/i.test(said)
      ? `free some space for the snapshot folder on ${node}, and save again`
      : `repair what it says on ${node}, and save again`,
  })
}

function tookTooLong({ container, node, timeout }: SnapshotSave): DeadlineError {
  return new DeadlineError(`it did not end within ${timeout} s`, {
    host: node,
    step: `run ${container.name}`,
    hint: 'give it more time: services.etcd.backup_config.timeout, in seconds',
  })
}

/** Best effort: the next save removes what is left, and the failure of this one is what counts. */
async function removeLeftovers(
  { container: { image }, leftovers, node: address }: SnapshotSave,
  { node, signal }: Pick<ActionContext, 'node' | 'signal'>,
): Promise<void> {
  if (signal.aborted) return
  for (const { folder, paths } of leftovers) {
    await removeFiles(node(address), paths, { image, folder, signal }).catch(() => undefined)
  }
}
