import type { ClusterNode } from '../../../config/cluster-config.ts'
import { PlanRefusedError } from '../../../errors.ts'
import { hasVote, quorumOf } from '../../../etcd/members/quorum.ts'
import { reasonText } from '../../../reason-text.ts'
import { type FoundData, knownMembers, type MemberFinding } from './member-findings.ts'
import type { RecoverView } from './recover-view.ts'

/** An etcd node whose data can be used. */
export interface Candidate {
  readonly node: ClusterNode
  readonly found: FoundData
}

/**
 * Whose data the cluster goes on with: that of `from`, or where a run was interrupted that of its choice, or the best: the
 * highest raft index where all candidates say theirs, else the highest revision. The raft term does not count: a
 * disconnected member may have a high term and old data. Of equal ones the first in cluster.yml.
 * @throws PlanRefusedError if there is none, the best is not known, or enough members have their data.
 */
export function chooseMember(view: RecoverView, findings: readonly MemberFinding[]): Candidate {
  const candidates = findings.flatMap(({ node, found }) =>
    found.kind === 'etcd-data' ? [{ node, found }] : [],
  )
  const given = view.from ?? view.begun
  if (given !== undefined) return givenMember(given, findings, candidates)
  const begun = candidates.find(({ node }) => view.members.get(node.address)?.data.aside)
  if (begun !== undefined) return begun
  const best = bestMember(candidates)
  if (best === undefined) throw noData(findings)
  refuseEnough(view, candidates)
  if (candidates.length > 1) refuseUnknown(candidates)
  return best
}

function bestMember(candidates: readonly Candidate[]): Candidate | undefined {
  const byIndex = candidates.every(({ found }) => found.raftIndex !== undefined)
  const worth = ({ found }: Candidate): bigint => BigInt((byIndex ? found.raftIndex : found.revision) ?? 0)
  return candidates.toSorted((a, b) => Number(worth(b) - worth(a)))[0]
}

/** Data of which the revision could not be read cannot be compared; a member that answers says its own. */
function refuseUnknown(candidates: readonly Candidate[]): void {
  const unknown = candidates.filter(({ found }) => found.revision === undefined)
  if (unknown.length === 0) return
  const addresses = (some: readonly Candidate[]): string => some.map(({ node }) => node.address).join(', ')
  throw new PlanRefusedError('it is not known which etcd node has the newest data', {
    step: 'plan',
    untouched: true,
    why: `the revision could not be read on ${addresses(unknown)}: its images have no etcdctl`,
    hint: `choose whose data to go on with: "rke etcd recover --from NODE" with one of ${addresses(candidates)}`,
  })
}

function givenMember(
  from: string,
  findings: readonly MemberFinding[],
  candidates: readonly Candidate[],
): Candidate {
  const isGiven = ({ node: { address, hostnameOverride } }: Pick<Candidate, 'node'>): boolean =>
    address === from || hostnameOverride === from
  const given = candidates.find(isGiven)
  if (given !== undefined) return given
  const finding = findings.find(isGiven)
  const names = candidates.map(({ node }) => node.address).join(', ')
  throw new PlanRefusedError(`the data of ${from} cannot be used`, {
    step: 'plan',
    untouched: true,
    why: finding === undefined ? 'it is no etcd node' : reasonText(finding.found),
    hint: names === '' ? WITHOUT_DATA : `choose one of ${names}, with --from`,
  })
}

const WITHOUT_DATA =
  'restore a snapshot with "rke etcd snapshot-restore", or make a machine that has data of etcd reachable'

function noData(findings: readonly MemberFinding[]): PlanRefusedError {
  const each = findings.map(({ node, found }) => `${node.address}: ${reasonText(found)}`)
  return new PlanRefusedError('no etcd node has data that can be used', {
    step: 'plan',
    untouched: true,
    why: each.join('; '),
    hint: WITHOUT_DATA,
  })
}

/** Members that are a quorum need no recovery, only to run. */
function refuseEnough(view: RecoverView, candidates: readonly Candidate[]): void {
  const voters = knownMembers(view)?.filter(hasVote).length
  const all = voters ?? view.known
  if (candidates.length < quorumOf(all)) return
  const names = candidates.map(({ node }) => node.address).join(', ')
  throw new PlanRefusedError(`${candidates.length} of ${all} etcd members have their data: ${names}`, {
    step: 'plan',
    untouched: true,
    why: 'they are a quorum once they run and reach each other',
    hint:
      'start them with "rke up", with --skip-unreachable where other nodes cannot be reached; if that does not help, choose ' +
      'whose data to go on with: "rke etcd recover --from NODE"',
  })
}
