import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'
import { memberName } from '../../etcd/members/member-names.ts'
import { hasVote, quorumOf } from '../../etcd/members/quorum.ts'
import type { ObservedEtcd } from '../../observe/observe-etcd.ts'
import { hasRole, nodesWithRole } from '../../role.ts'

/** The data is only on the members that there are: if none stays, it is lost. */
export function refuseNewEtcdPlane(applied: ClusterConfig, wanted: ClusterConfig): void {
  const before = nodesWithRole(applied.nodes, 'etcd')
  const after = nodesWithRole(wanted.nodes, 'etcd')
  const stays = before.some((old) =>
    after.some(
      ({ address, internalAddress }) => address === old.address || internalAddress === old.internalAddress,
    ),
  )
  if (stays || (before.length === 0 && after.length === 0)) return
  throw new PlanRefusedError(
    `Etcd plane nodes are replaced: none of ${before.map(({ address }) => address).join(', ') || 'the external members'} stays`,
    {
      step: 'plan',
      untouched: true,
      hint: 'change etcd nodes in several runs, so that one always stays, or restore a snapshot on the new ones',
      key: ['nodes'],
    },
  )
}

/**
 * Members may go only while most of those that stay are healthy, or can be repaired before; the others could decide
 * nothing any more.
 */
export function refuseQuorumLoss(
  config: ClusterConfig,
  leaving: readonly ClusterNode[],
  etcd: ObservedEtcd | undefined,
  reached: ReadonlySet<string> = new Set(),
): void {
  const names = new Set([
    ...leaving.map(memberName),
    ...config.nodes.filter((node) => !hasRole(node, 'etcd')).map(memberName),
  ])
  if (etcd === undefined) {
    if (!leaving.some((node) => hasRole(node, 'etcd'))) return
    throw new PlanRefusedError('etcd nodes leave, but no etcd member that stays is healthy', {
      step: 'plan',
      untouched: true,
      hint:
        'repair etcd first (docker logs etcd on its nodes); if most members are lost for good, restore a snapshot, or run ' +
        '"rke etcd recover"',
    })
  }
  const going = etcd.members.filter(({ name }) => names.has(name))
  const staying = etcd.members.filter((member) => !names.has(member.name) && hasVote(member))
  const needed = quorumOf(staying.length)
  const healthyThen = nodesWithRole(config.nodes, 'etcd').filter(
    ({ address }) => reached.has(address) || etcd.healthy.includes(address),
  )
  if (going.length === 0 || healthyThen.length >= needed) return
  throw new PlanRefusedError(
    `without ${going.map(({ name }) => name).join(', ')} etcd has ${staying.length} members, of which ` +
      `${etcd.healthy.length} are healthy and ${needed} are needed`,
    { step: 'plan', untouched: true, hint: 'repair or replace the unhealthy members first' },
  )
}
