import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { CORDONED_ANNOTATION } from '../../kube/objects/cordoned.ts'
import { desiredNodePatch } from '../../kube/objects/desired-node-patch.ts'
import { findNode } from '../../kube/objects/find-node.ts'
import type { KubeNode } from '../../kube/objects/kube-object.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import { roleLabel } from '../../kube/objects/role-label.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'
import { hasRole } from '../../role.ts'
import { appliedConfig, type ClusterView } from '../model/cluster-view.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'

/** Node objects of the machines of a configuration, by address. */
export function kubeNodesOf(
  config: ClusterConfig,
  kube: ObservedKube | undefined,
): ReadonlyMap<string, KubeNode> {
  return new Map(
    config.nodes.flatMap((node) => {
      const found = findNode(kube?.nodes ?? [], nodeNameOf(node, config))
      return found === undefined ? [] : [[node.address, found] as const]
    }),
  )
}

/** Whether Kubernetes was asked for a node and does not know it. */
export function isUnregistered({ seen, kubeNodes }: PlanBasis, { address }: ClusterNode): boolean {
  return seen.kube !== undefined && !kubeNodes.has(address)
}

/**
 * Why a Node must be changed; empty if it need not. `deployed`: some of the components that make the machine a
 * node are deployed in the same run, and taints that follow from roles are then set again.
 */
export function nodeChanges(basis: PlanBasis, node: ClusterNode, deployed: boolean): readonly Reason[] {
  const kubeNode = basis.kubeNodes.get(node.address)
  if (kubeNode === undefined) return [{ kind: 'not-registered' }]
  const previous = nodeAsApplied(basis, node)
  return desiredNodePatch({ node, kubeNode, workerDeployed: deployed, ...(previous && { previous }) }).because
}

/** Whether no run has applied a node yet and it is not Ready, as far as that is known. */
export function isArriving(basis: PlanBasis, node: ClusterNode): boolean {
  return nodeAsApplied(basis, node) === undefined && basis.kubeNodes.get(node.address)?.ready !== true
}

/**
 * Whether a node serves as a worker and is to lose that role. The label is there until the role has been taken away. On a
 * machine that was wiped nothing serves.
 */
export function losesWorkerRole(basis: PlanBasis, node: ClusterNode): boolean {
  const before = nodeAsApplied(basis, node)
  if (hasRole(node, 'worker') || before === undefined || !hasRole(before, 'worker')) return false
  const isLabelled = roleLabel('worker') in (basis.kubeNodes.get(node.address)?.labels ?? {})
  return isLabelled && (basis.seen.machines.get(node.address)?.containers.size ?? 0) > 0
}

/** Whether a run that did not come to its end left a node cordoned. */
export function isLeftCordoned({ kubeNodes }: PlanBasis, { address }: ClusterNode): boolean {
  return kubeNodes.get(address)?.annotations[CORDONED_ANNOTATION] !== undefined
}

/** A node as it was applied last, if it was. */
export function nodeAsApplied(
  view: Pick<ClusterView, 'known'>,
  { address }: ClusterNode,
): ClusterNode | undefined {
  return appliedConfig(view)?.nodes.find((node) => node.address === address)
}
