import type { EtcdMember } from '../etcd-api.ts'

/** The quorum of a number of voting members. */
export function quorumOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** Whether the member exists and has a vote. A learner has none and refuses to list members. */
export const hasVote = (member: Pick<EtcdMember, 'isLearner'> | undefined): boolean =>
  member !== undefined && !member.isLearner

/** Whether there is a learner: etcd accepts one at a time. */
export const isLearner = (member: Pick<EtcdMember, 'isLearner'> | undefined): boolean =>
  member?.isLearner === true

/** The voting members without one that is removed. */
export const votersWithout = (members: readonly EtcdMember[], leaving: EtcdMember): readonly EtcdMember[] =>
  members.filter((member) => hasVote(member) && member.id !== leaving.id)

/**
 * Whether the cluster keeps its quorum when a member is removed: the healthy voters that remain must be a quorum of
 * the remaining voters. Learners have no vote, so they can always be removed.
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
