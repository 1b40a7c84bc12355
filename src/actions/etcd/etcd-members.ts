import { EtcdError, PlanRefusedError, toRkeError } from '../../errors.ts'
import { addWhenReady, type EtcdWait, promoteWhenReady, removeWhenReady } from '../../etcd/change-members.ts'
import type { EtcdApi, EtcdMember } from '../../etcd/etcd-api.ts'
import { memberAt, memberOf } from '../../etcd/members/find-member.ts'
import { peerUrl } from '../../etcd/members/member-names.ts'
import { canRemove, hasVote, quorumOf, votersWithout } from '../../etcd/members/quorum.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'

/** The first member of these nodes that says it is healthy: others would fail or answer for themselves only. */
async function healthyMember(
  through: readonly string[],
  { etcd, signal }: ActionContext,
  step: string,
): Promise<EtcdApi> {
  const answers = await Promise.all(
    through.map(async (address) => ({ address, health: await etcd(address).health(signal) })),
  )
  const healthy = answers.find(({ health }) => health.ok)
  if (healthy !== undefined) return etcd(healthy.address)
  const reasons = answers.map(({ address, health }) => `${address}: ${health.detail}`)
  throw new EtcdError(`no etcd member is healthy: ${reasons.join('; ')}`, {
    step,
    hint:
      'repair etcd first (docker logs etcd on its nodes); if most members are lost for good, restore a snapshot, or run ' +
      '"rke etcd recover"',
  })
}

export const etcdMemberAdd: ActionHandler<'etcd.member.add'> = {
  describe: (action) => `add etcd member of ${action.node}`,
  async run(action, context) {
    const { internalAddress, node: address } = action
    const api = await healthyMember(action.through, context, `add etcd member of ${address}`)
    if (memberAt(await api.members(context.signal), internalAddress) !== undefined) return
    await addWhenReady(api, [peerUrl(internalAddress)], {
      learner: true,
      ...waiting(address, context),
    })
  },
}

export const etcdMemberPromote: ActionHandler<'etcd.member.promote'> = {
  describe: (action) => `give the etcd member of ${action.node} its vote`,
  async run(action, context) {
    const { internalAddress, node: address } = action
    const api = await healthyMember(action.through, context, `promote etcd member of ${address}`)
    const member = memberAt(await api.members(context.signal), internalAddress)
    if (member === undefined) {
      throw new EtcdError('etcd has no member here, though one was added', {
        host: address,
        step: 'promote etcd member',
        hint: 'run the same command again: it will be added anew',
      })
    }
    if (hasVote(member)) return
    await promoteWhenReady(api, member.id, waiting(address, context))
  },
}

export const etcdMemberRemove: ActionHandler<'etcd.member.remove'> = {
  describe: (action) => `remove etcd member of ${action.node}`,
  async run(action, context) {
    const { node: address, hostname, internalAddress } = action
    const api = await healthyMember(action.through, context, `remove etcd member of ${address}`)
    const members = await api.members(context.signal)
    const leaving = memberOf(members, { hostnameOverride: hostname, internalAddress })
    if (leaving === undefined) return
    const healthy = await healthyIds(action.voters, context)
    refuseLossOfQuorum(members, leaving, healthy)
    await handOver(api, members, leaving, { healthy, address, context })
    await removeWhenReady(api, leaving.id, waiting(address, context))
  },
}

function waiting(address: string, { signal, progress, time }: ActionContext): EtcdWait {
  return { address, signal, onWait: progress, time }
}

/** Ids of the members of these nodes that say they are healthy. */
async function healthyIds(
  voters: readonly string[],
  { etcd, signal }: ActionContext,
): Promise<ReadonlySet<string>> {
  const healthy = new Set<string>()
  await Promise.all(
    voters.map(async (address) => {
      if ((await etcd(address).health(signal)).ok) healthy.add((await etcd(address).status(signal)).memberId)
    }),
  )
  return healthy
}

function refuseLossOfQuorum(
  members: readonly EtcdMember[],
  leaving: EtcdMember,
  healthy: ReadonlySet<string>,
): void {
  if (canRemove(members, leaving, healthy)) return
  const staying = votersWithout(members, leaving)
  throw new PlanRefusedError(
    `removing ${leaving.name} would leave ${staying.filter(({ id }) => healthy.has(id)).length} healthy of ` +
      `${staying.length} members, and ${quorumOf(staying.length)} are needed`,
    { step: `remove etcd member ${leaving.name}`, hint: 'repair or replace the unhealthy members first' },
  )
}

/**
 * Lets another member lead before the one that leads is taken out: the others would notice that only after their election
 * timeout, and answer nobody meanwhile (5 to 10 s with the flags of this program).
 */
async function handOver(
  api: EtcdApi,
  members: readonly EtcdMember[],
  leaving: EtcdMember,
  { healthy, address, context }: HandOver,
): Promise<void> {
  const { etcd, signal, progress } = context
  const { leader } = await api.status(signal)
  const next = votersWithout(members, leaving).find(({ id }) => healthy.has(id))
  if (leader !== leaving.id || next === undefined) return
  try {
    await etcd(address).moveLeader(next.id, signal)
  } catch (thrown) {
    signal.throwIfAborted()
    // It may lead and be out of reach for us; then the others elect one when it is gone.
    progress(`${next.name} does not lead yet: ${toRkeError(thrown).message}`)
  }
}

interface HandOver {
  readonly healthy: ReadonlySet<string>
  /** The node of the member that leaves. */
  readonly address: string
  readonly context: ActionContext
}
