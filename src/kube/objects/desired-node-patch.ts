import { hasRole, ROLES, type Role } from '../../role.ts'
import type { NodePatch } from '../client/kube-api.ts'
import type { KubeNode, Taint } from './kube-object.ts'
import {
  CONTROL_PLANE_TAINT,
  changeTaints,
  ETCD_TAINT,
  isReserved,
  type TaintReason,
  type TaintWish,
} from './node-taints.ts'
import { roleLabel } from './role-label.ts'

/** The parts of a `nodes` entry that are visible on the Node. */
export interface NodeWish {
  readonly address: string
  readonly internalAddress: string
  readonly role: readonly string[]
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly taints?: readonly TaintWish[] | undefined
}

export interface NodePatchInput {
  readonly node: NodeWish
  /** The same address in the applied configuration; absent for a new node. */
  readonly previous?: Partial<Pick<NodeWish, 'labels' | 'taints'>> | undefined
  readonly kubeNode: KubeNode
  /** The node's worker components are (re)deployed in this run: taints of its roles are set again. */
  readonly workerDeployed: boolean
}

/** How a Node is not as it should be; `value` is the wanted one, `null` for what must be absent. */
export type NodePatchReason =
  | { readonly kind: 'label' | 'annotation'; readonly key: string; readonly value: string | null }
  | TaintReason

const EXTERNAL_IP = 'rke.cattle.io/external-ip'
const INTERNAL_IP = 'rke.cattle.io/internal-ip'

/** The role taints of nodes without the role `worker`. */
const ROLE_TAINTS: readonly { readonly role: Role; readonly taint: Taint }[] = [
  { role: 'etcd', taint: ETCD_TAINT },
  { role: 'controlplane', taint: CONTROL_PLANE_TAINT },
]

/**
 * The patch that makes a Node match cluster.yml, with its reasons; none if there is no difference. Labels,
 * annotations and taints from elsewhere stay. A role taint that was removed manually stays removed, as with RKE
 * 1.6.3, until the roles change or the node's components are deployed again.
 */
export function desiredNodePatch(input: NodePatchInput): {
  readonly patch?: NodePatch
  readonly because: readonly NodePatchReason[]
} {
  const { node, kubeNode } = input
  const labels = differences('label', kubeNode.labels, wantedLabels(input))
  const annotations = differences('annotation', kubeNode.annotations, {
    [EXTERNAL_IP]: node.address,
    [INTERNAL_IP]: node.internalAddress,
  })
  const { taints, because: taintReasons } = changeTaints(
    kubeNode.taints,
    taintsToAdd(input),
    taintsToRemove(input),
  )
  const because = [...labels.because, ...annotations.because, ...taintReasons]
  if (because.length === 0) return { because }
  return {
    because,
    patch: {
      ...(labels.because.length === 0 ? {} : { labels: labels.changes }),
      ...(annotations.because.length === 0 ? {} : { annotations: annotations.changes }),
      // A list is replaced whole, so it must still be the observed one.
      ...(taints === undefined ? {} : { taints, resourceVersion: kubeNode.resourceVersion }),
    },
  }
}

/**
 * Keys with their wanted value; `null` for keys that must be absent. The label of a role of the node is always
 * `true`; the label of another role is the user's, if given.
 */
function wantedLabels({ node, previous }: NodePatchInput): Record<string, string | null> {
  const given = node.labels ?? {}
  const dropped = Object.keys(previous?.labels ?? {}).filter((key) => !(key in given))
  const roleLabels = ROLES.map((role): [string, string | null] => {
    const key = roleLabel(role)
    return [key, hasRole(node, role) ? 'true' : (given[key] ?? null)]
  })
  return {
    ...Object.fromEntries(dropped.map((key) => [key, null])),
    ...given,
    ...Object.fromEntries(roleLabels),
  }
}

function taintsToAdd(input: NodePatchInput): TaintWish[] {
  const given = (input.node.taints ?? []).filter((taint) => !isReserved(taint))
  const first = given.filter((taint, index) => given.findIndex((other) => sameKey(other, taint)) === index)
  return [...first, ...roleTaints(input)]
}

/** Role taints, which are added when the roles change, or again with the node's components. */
function roleTaints(input: NodePatchInput): Taint[] {
  const { node, workerDeployed } = input
  if (hasRole(node, 'worker')) return []
  const before = shownRoles(input)
  const isNew = (role: Role): boolean => before.includes('worker') || !before.includes(role)
  return ROLE_TAINTS.filter(({ role }) => hasRole(node, role) && (workerDeployed || isNew(role))).map(
    ({ taint }) => taint,
  )
}

function taintsToRemove(input: NodePatchInput): TaintWish[] {
  const { node, previous } = input
  const dropped = (previous?.taints ?? []).filter((taint) => !isReserved(taint))
  const before = shownRoles(input)
  const becameWorker = hasRole(node, 'worker') && !before.includes('worker')
  const isLost = (role: Role): boolean => before.includes(role) && !hasRole(node, role)
  const kept = (taint: TaintWish): boolean => (node.taints ?? []).some((other) => sameKey(other, taint))
  return [
    ...dropped.filter((taint) => !kept(taint)),
    ...ROLE_TAINTS.filter(({ role }) => becameWorker || isLost(role)).map(({ taint }) => taint),
  ]
}

/**
 * The roles in the Node's labels: those of the last applied configuration. Taints and labels change in one request.
 */
function shownRoles({ node, kubeNode }: NodePatchInput): readonly Role[] {
  const isUsers = (role: Role): boolean => !hasRole(node, role) && roleLabel(role) in (node.labels ?? {})
  return ROLES.filter((role) => roleLabel(role) in kubeNode.labels && !isUsers(role))
}

function sameKey(a: TaintWish, b: TaintWish): boolean {
  return a.key === b.key && a.effect === b.effect
}

function differences(
  kind: 'label' | 'annotation',
  current: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string | null>>,
): { changes: Record<string, string | null>; because: NodePatchReason[] } {
  const changes = Object.entries(wanted).filter(([key, value]) => (current[key] ?? null) !== value)
  return {
    changes: Object.fromEntries(changes),
    because: changes.map(([key, value]) => ({ kind, key, value })),
  }
}
