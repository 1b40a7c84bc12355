import type { EtcdMember } from '../etcd-api.ts'

/** How many of so many voting members must agree. */
export function quorumOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** Whether there is a member and it has a vote: a learner has none, and answers nobody who asks for members. */
export const hasVote = (member: Pick<EtcdMember, 'isLearner'> | undefined): boolean =>
  member !== undefined && !member.isLearner

/** Whether there is a member that has no vote yet: etcd takes one at a time. */
export const isLearner = (member: Pick<EtcdMember, 'isLearner'> | undefined): boolean =>
  member?.isLearner === true

/** The voting members without one that leaves. */
export const votersWithout = (members: readonly EtcdMember[], leaving: EtcdMember): readonly EtcdMember[] =>
  members.filter((member) => hasVote(member) && member.id !== leaving.id)

/**
 * Whether the cluster keeps its quorum when a member goes: the healthy voters that stay must be a quorum of
 * the voters that stay. Learners have no vote, so they can always go.
 */
export function canRemove(
  members: readonly EtcdMember[],
  leaving: EtcdMember,
  healthyIds: ReadonlySet<string>,
): boolean {
  if (!hasVote(leaving)) return true
  const staying = votersWithout(members, leaving)
  const healthy = staying.filter((member) => healthyIds.has(member.id))
  return staying.length > 0 && healthy.length >= quorumOf(staying.length)
}
