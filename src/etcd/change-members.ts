import { poll } from '../poll.ts'
import type { Time } from '../time.ts'
import type { EtcdApi, EtcdMember } from './etcd-api.ts'
import { LearnerBehindError, UnsettledError } from './etcd-failure.ts'

/** How long etcd may refuse a change of its members before a run fails. */
const MEMBER_CHANGE_LIMIT_MS = 90_000

export interface EtcdWait {
  /** The node's address, for the messages. */
  readonly address: string
  /** Default: 90 s. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal | undefined
  readonly onWait?: ((reason: string) => void) | undefined
  readonly firstPauseMs?: number
  /** Default: the machine's clock. */
  readonly time?: Time | undefined
}

/** Waits until the learner has received all data, then promotes it. `etcd` is a voting member. */
export function promoteWhenReady(etcd: EtcdApi, id: string, options: EtcdWait): Promise<void> {
  const what = `the new etcd member on ${options.address} to catch up`
  return whenAllowed(what, options, (signal) => etcd.promoteMember(id, signal))
}

/** Adds a member as soon as etcd allows a change: its members must have been connected for 5 s. */
export function addWhenReady(
  etcd: EtcdApi,
  peerURLs: readonly string[],
  options: EtcdWait & { readonly learner?: boolean },
): Promise<EtcdMember> {
  const { learner = false } = options
  const what = `etcd to accept a new member on ${options.address}`
  return whenAllowed(what, options, (signal) => etcd.addMember(peerURLs, { learner, signal }))
}

/** Removes a member as soon as etcd allows a change. */
export function removeWhenReady(etcd: EtcdApi, id: string, options: EtcdWait): Promise<void> {
  const what = `etcd to let go of the member on ${options.address}`
  return whenAllowed(what, options, (signal) => etcd.removeMember(id, signal))
}

function whenAllowed<T>(
  what: string,
  options: EtcdWait,
  change: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { address, deadlineMs = MEMBER_CHANGE_LIMIT_MS, signal, onWait, firstPauseMs = 100, time } = options
  const hint = `check the log of the container etcd on ${address}`
  return poll(
    { what, deadlineMs, signal, onWait, firstPauseMs, host: address, hint, time },
    async (signal) => {
      try {
        return { done: await change(signal) }
      } catch (error) {
        if (error instanceof LearnerBehindError || error instanceof UnsettledError) {
          return { waiting: error.message }
        }
        throw error
      }
    },
  )
}
