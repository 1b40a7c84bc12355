import { poll } from '../poll.ts'
import type { EtcdApi } from './etcd-api.ts'
import { LearnerBehindError } from './etcd-failure.ts'

export interface EtcdWait {
  /** The node's address, for the messages. */
  readonly address: string
  /** As long as RKE gives an election: 90 s by default. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal | undefined
  readonly onWait?: ((reason: string) => void) | undefined
  readonly firstPauseMs?: number
}

/** Until the member says that it is healthy, which needs a leader. Fails with a `DeadlineError`. */
export function waitHealthy(etcd: EtcdApi, options: EtcdWait): Promise<void> {
  const what = `etcd on ${options.address} to become healthy`
  return poll(settings(what, options), async (signal) => {
    const { ok, detail } = await etcd.health(signal)
    return ok ? { done: undefined } : { waiting: detail }
  })
}

/** Until the learner has received all the data, and then gives it a vote. Asks `etcd`, a voting member. */
export function promoteWhenReady(etcd: EtcdApi, id: string, options: EtcdWait): Promise<void> {
  const what = `the new etcd member on ${options.address} to catch up`
  return poll(settings(what, options), async (signal) => {
    try {
      await etcd.promoteMember(id, signal)
      return { done: undefined }
    } catch (error) {
      if (error instanceof LearnerBehindError) return { waiting: error.message }
      throw error
    }
  })
}

function settings(what: string, options: EtcdWait) {
  const { address, deadlineMs = 90_000, signal, onWait, firstPauseMs = 100 } = options
  const hint = `look at the log of the container etcd on ${address}`
  return { what, deadlineMs, signal, onWait, firstPauseMs, host: address, hint }
}
