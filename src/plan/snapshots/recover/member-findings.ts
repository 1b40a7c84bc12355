import type { ClusterNode } from '../../../config/cluster-config.ts'
import type { EtcdMember } from '../../../etcd/etcd-api.ts'
import { memberAt } from '../../../etcd/members/find-member.ts'
import { isLearner } from '../../../etcd/members/quorum.ts'
import { hasRole } from '../../../role.ts'
import type { RecoverView } from './recover-view.ts'

/** What of its data speaks for a member. */
export interface FoundData {
  readonly kind: 'etcd-data'
  /** Whether its member gives an answer, and if so whether it is part of a quorum. */
  readonly member: 'silent' | 'without-quorum' | 'in-quorum'
  /** In decimal digits, of a member that answers: the last entry of its log that a quorum had, and its term. */
  readonly raftIndex?: string
  readonly raftTerm?: string
  /** Absent where no tool could read it. */
  readonly revision?: number
  /** Bytes. */
  readonly size: number
}

/** Why the data of an etcd node cannot be used. */
export type UnusableData =
  | {
      readonly kind: 'etcd-data-unusable'
      readonly why: 'unreachable' | 'no-data' | 'not-in-cluster-yml' | 'learner' | 'removed' | 'set-aside'
    }
  | { readonly kind: 'etcd-data-damaged'; readonly what: string }

/** An etcd node, and what was found there. */
export interface MemberFinding {
  readonly node: ClusterNode
  readonly found: FoundData | UnusableData
}

/** What was found on each etcd node, in the order of the view. */
export function memberFindings(view: RecoverView): readonly MemberFinding[] {
  const known = knownMembers(view)
  return view.etcdNodes.map((node) => ({ node, found: findingOf(node, view, known) }))
}

/** Members as the one knows them that answers and has seen most; `undefined` if none answers. */
export function knownMembers({ members }: Pick<RecoverView, 'members'>): readonly EtcdMember[] | undefined {
  const answers = [...members.values()].flatMap(({ answer }) => answer ?? [])
  return answers.toSorted((a, b) => Number(b.status.raftIndex - a.status.raftIndex))[0]?.members
}

function findingOf(
  node: ClusterNode,
  { config, members }: RecoverView,
  known: readonly EtcdMember[] | undefined,
): MemberFinding['found'] {
  const member = members.get(node.address)
  if (member === undefined) return unusable('unreachable')
  const { data, answer, removed } = member
  const { size, revision } = data
  if (size === undefined) return unusable(data.aside ? 'set-aside' : 'no-data')
  if (data.damage !== undefined) return { kind: 'etcd-data-damaged', what: data.damage }
  const listed = memberAt(known, node.internalAddress)
  if (removed || (known !== undefined && listed === undefined)) return unusable('removed')
  if (isLearner(answer?.status) || isLearner(listed)) return unusable('learner')
  const isWanted = config.nodes.some((one) => one.address === node.address && hasRole(one, 'etcd'))
  if (!isWanted) return unusable('not-in-cluster-yml')
  if (answer === undefined) {
    return { kind: 'etcd-data', member: 'silent', ...(revision !== undefined && { revision }), size }
  }
  const { status } = answer
  return {
    kind: 'etcd-data',
    member: answer.healthy ? 'in-quorum' : 'without-quorum',
    raftIndex: String(status.raftIndex),
    raftTerm: String(status.raftTerm),
    revision: status.revision,
    size,
  }
}

const unusable = (why: Extract<UnusableData, { why: string }>['why']): UnusableData => ({
  kind: 'etcd-data-unusable',
  why,
})
