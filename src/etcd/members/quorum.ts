import type { EtcdMember } from '../etcd-api.ts'

/** How many of so many voting members must agree. */
export function quorumOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/**
 * Whether the cluster keeps its quorum when a member goes: the healthy voters that stay must be a quorum of
 * the voters that stay. Learners have no vote, so they can always go.
 */
export function canRemove(
  members: readonly EtcdMember[],
  leaving: EtcdMember,
  healthyIds: ReadonlySet<string>,
): boolean {
  if (leaving.isLearner) return true
  const staying = members.filter((member) => !member.isLearner && member.id !== leaving.id)
  const healthy = staying.filter((member) => healthyIds.has(member.id))
  return staying.length > 0 && healthy.length >= quorumOf(staying.length)
}

/** The member of a node: by name `etcd-<hostnameOverride>`, whatever its peer URL. */
export function memberNamed(
  members: readonly EtcdMember[],
  hostnameOverride: string,
): EtcdMember | undefined {
  return members.find((member) => member.name === `etcd-${hostnameOverride}`)
}
