import { DeadlineError, HealthError } from '../../errors.ts'
import { untilHealthy } from '../../node/containers/health.ts'
import type { ActionHandler } from '../action-handler.ts'
import { lastLogLines } from './last-log-lines.ts'

/** Longer than a kubelet's start with its fixed pause, and than etcd's wait for a quorum of slow nodes. */
const DEADLINE_MS = 120_000

export const serviceHealth: ActionHandler<'service.health'> = {
  describe: (action) => `wait until ${action.name} is healthy`,
  async run(action, context) {
    const node = context.node(action.node)
    try {
      await untilHealthy(context.probe(action.node, action.check), {
        what: action.name,
        host: action.node,
        deadlineMs: DEADLINE_MS,
        signal: context.signal,
        onWait: (reason) => context.progress(reason),
        time: context.time,
      })
    } catch (thrown) {
      if (!(thrown instanceof HealthError || thrown instanceof DeadlineError)) throw thrown
      throw new HealthError(`${thrown.message}\n${await lastLogLines(node, action.name)}`, {
        host: action.node,
        step: `wait until ${action.name} is healthy`,
        hint: `fix what the log reports, then run the same command again`,
        cause: thrown,
        why: '',
      })
    }
  },
}
