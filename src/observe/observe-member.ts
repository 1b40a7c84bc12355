import { DockerError, EtcdError } from '../errors.ts'
import type { EtcdApi, EtcdMember, EtcdStatus } from '../etcd/etcd-api.ts'
import type { Node } from '../node/node.ts'
import { type MemberData, readMemberData } from '../node/snapshots/read-member-data.ts'

/** What a member says without a quorum. */
export interface MemberAnswer {
  readonly status: EtcdStatus
  /** Members as it knows them. */
  readonly members: readonly EtcdMember[]
  /** It is part of a quorum. */
  readonly healthy: boolean
}

/** An etcd node as a recovery without a quorum finds it. */
export interface ObservedMember {
  /** `undefined`: it does not run, or gives no answer. */
  readonly answer: MemberAnswer | undefined
  readonly data: MemberData
  /** It was taken out of etcd before, as the log of its container says. */
  readonly removed: boolean
}

export interface MemberQuestions {
  /** Something has etcd's data open, so that its database is locked. */
  readonly running: boolean
  /** Its container, if there is one. */
  readonly container: string | undefined
  readonly api: EtcdApi
  /** Has a shell, the usual tools and etcdctl. */
  readonly image: string
  /** Name of the helper that reads the data. */
  readonly helper: string
  /** The data directory, on the node. */
  readonly directory: string
  readonly selinux: boolean
  readonly signal: AbortSignal
}

/** Asks one member, and reads its database if it gives no answer. Changes nothing on the node. */
export async function observeMember(node: Node, questions: MemberQuestions): Promise<ObservedMember> {
  const { running, container, api, image, helper, directory, selinux, signal } = questions
  const answer = running ? await answerOf(api, signal) : undefined
  const unanswered = running ? 'copy' : 'file'
  const database = answer === undefined ? unanswered : 'none'
  return {
    answer,
    data: await readMemberData(node, { image, helper, directory, selinux, database, signal }),
    removed: answer === undefined && container !== undefined && (await wasRemoved(node, container, signal)),
  }
}

async function answerOf(api: EtcdApi, signal: AbortSignal): Promise<MemberAnswer | undefined> {
  try {
    const { ok: healthy } = await api.health(signal)
    const status = await api.status(signal)
    return { status, healthy, members: await api.members(signal, { local: true }) }
  } catch (thrown) {
    if (thrown instanceof EtcdError) return undefined
    throw thrown
  }
}

/** Enough for what etcd says of it when it ends, and for what it says when it is started again. */
const LOG_LINES = 200

/** Whether a member was taken out of etcd before its container ended last, as its log says; `false` where nobody can read that. */
export async function wasRemoved(
  { docker }: Pick<Node, 'docker'>,
  container: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { stdout, stderr } = await docker.logs(container, { tail: LOG_LINES, signal })
    return `${stdout}\n${stderr}`.includes('the member has been permanently removed')
  } catch (thrown) {
    signal.throwIfAborted()
    // Some of Docker's log drivers cannot be read.
    if (thrown instanceof DockerError) return false
    throw thrown
  }
}
