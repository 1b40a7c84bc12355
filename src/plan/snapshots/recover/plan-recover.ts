import { PlanRefusedError } from '../../../errors.ts'
import { peerUrl } from '../../../etcd/members/member-names.ts'
import type { Action } from '../../action.ts'
import { inChain } from '../../model/in-chain.ts'
import { makePlan, type Plan } from '../../model/plan.ts'
import { type Candidate, chooseMember } from './choose-member.ts'
import { type MemberFinding, memberFindings } from './member-findings.ts'
import { dataStep, finish, hasForced, setOthersAside, stopEtcd } from './recover-steps.ts'
import type { RecoverView } from './recover-view.ts'
import { startAlone } from './start-alone.ts'

/** What a recovery without a quorum does, and with whose data. */
export interface RecoverPlan {
  readonly plan: Plan
  /** Address of the node whose data the cluster goes on with; `undefined`: an interrupted run has come further than that. */
  readonly chosen: string | undefined
  readonly findings: readonly MemberFinding[]
}

/**
 * Makes a cluster of one member from the best data that is left: stops all members, copies the data aside, has etcd drop
 * the other members, starts it as usual, and sets the data of the others aside, for `rke up` to bring them back. Where an
 * interrupted run has come as far as a quorum, what is left of that.
 * @throws PlanRefusedError if etcd has a quorum, or could have one, or no data is left.
 */
export function planRecover(view: RecoverView): RecoverPlan {
  const findings = memberFindings(view)
  const healthy = [...view.members].filter(([, { answer }]) => answer?.healthy).map(([address]) => address)
  const forced = [...view.machines.keys()].filter((address) => hasForced(view, address))
  const hasAside = [...view.members.values()].some(({ data }) => data.aside)
  const isBegun = view.begun !== undefined || forced.length > 0 || hasAside
  if (healthy.length > 0 && !isBegun) throw hasQuorum(healthy)
  if (healthy.some((address) => !forced.includes(address))) {
    const groups = [...setOthersAside(view, membersNow(view)), ...finish(view)]
    return { plan: planOf(groups), chosen: undefined, findings }
  }
  const chosen = chooseMember(view, findings)
  refuseFullDisk(view, chosen)
  const { address } = chosen.node
  const groups = [
    stopAll(view, chosen, findings),
    [dataStep(view, address, 'etcd.recover.copy', 'etcd-changes-its-data')],
    ...startAlone(view, chosen),
    ...setOthersAside(view, [address]),
    ...finish(view),
  ]
  return { plan: planOf(groups), chosen: address, findings }
}

const planOf = (groups: readonly (readonly Action[])[]): Plan => makePlan(inChain(groups, []))

/** The reasons say what was found, and whose data it will be. */
function stopAll(
  view: RecoverView,
  chosen: Candidate,
  findings: readonly MemberFinding[],
): readonly Action[] {
  const how = view.from === undefined ? 'best-etcd-data' : 'chosen-etcd-data'
  return findings
    .filter(({ node }) => view.machines.has(node.address))
    .flatMap(({ node: { address }, found }) => {
      const isChosen = address === chosen.node.address
      return stopEtcd(view, address, [found, ...(isChosen ? [{ kind: how } as const] : [])])
    })
}

/** Addresses of nodes whose members etcd has, as the healthy ones say. */
function membersNow({ etcdNodes, members }: RecoverView): readonly string[] {
  const listed = [...members.values()].flatMap(({ answer }) => (answer?.healthy ? answer.members : []))
  const urls = new Set(listed.flatMap(({ peerURLs }) => peerURLs))
  return etcdNodes.filter((node) => urls.has(peerUrl(node.internalAddress))).map(({ address }) => address)
}

/** Bytes that are left free besides the copy. */
const RESERVE = 64 * 1024 * 1024

function refuseFullDisk({ members }: RecoverView, { node: { address }, found }: Candidate): void {
  const { free = 0, aside } = members.get(address)?.data ?? { aside: false }
  const need = found.size + RESERVE
  if (aside || need <= free) return
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MiB`
  throw new PlanRefusedError('the disk has no room for a copy of the data', {
    host: address,
    step: 'plan',
    untouched: true,
    why: `it takes ${mebibytes(need)}, and ${mebibytes(free)} are free`,
    hint: 'make room on the disk of its data directory, and run the same command again',
  })
}

function hasQuorum(healthy: readonly string[]): PlanRefusedError {
  return new PlanRefusedError(`etcd has a quorum, and is healthy on ${healthy.join(', ')}`, {
    step: 'plan',
    untouched: true,
    hint:
      'repair single members with "rke up"; to go back to an earlier time, run "rke etcd snapshot-restore"; to delete what ' +
      'an earlier recovery has kept, run "rke etcd recover --discard"',
  })
}
