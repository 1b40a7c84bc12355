import type { ClusterNode } from '../../config/cluster-config.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { losesWorkerRole } from '../kube/node-objects.ts'
import { ids } from '../model/ids.ts'
import { inChain } from '../model/in-chain.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import type { LeavingNode } from './leaving.ts'

/** Why anything is done to a node that leaves. */
export const LEAVES: Reason = { kind: 'node-leaves' }

/** A node whose pods are to go elsewhere, and stay there. */
interface Emptied {
  readonly node: ClusterNode
  readonly because: Reason
  /** Its machine cannot be reached, and Kubernetes calls it Ready. */
  readonly isLost?: boolean
  readonly ids: { readonly cordon: string; readonly dns: string; readonly drain: string }
}

/**
 * Moves pods off nodes that leave, or lose the worker role, and still serve: nothing new comes to any of these before
 * the first pod goes, and cluster DNS goes first, from one after the other, while autoscalers count them all. `after`: all
 * that is done on nodes that stay.
 */
export function planDrains(basis: PlanBasis, after: readonly string[]): readonly Action[] {
  const { drainLeaving: options } = basis.rollout
  if (options === undefined) return []
  const emptied = emptiedNodes(basis)
  const gate = [...after, ...successors(basis), ...emptied.map(({ node }) => ids.uncordon(node.address))]
  const barrierImage = basis.wanted.config.systemImages.podInfraContainer
  const cordons = emptied.map((one): Action => {
    return { kind: 'node.cordon', id: one.ids.cordon, ...baseOf(one, basis), barrierImage, after: gate }
  })
  const moves = inChain(
    // One that is no worker may have been one: its pods stay when it loses the role.
    emptied.map((one): readonly Action[] => [
      { kind: 'dns.move', id: one.ids.dns, ...baseOf(one, basis), ...whileReady(one), options, after: [] },
    ]),
    cordons.map(({ id }) => id),
  )
  const before = [...cordons, ...moves].map(({ id }) => id)
  const drains = emptied.map((one): Action => {
    return {
      kind: 'node.drain',
      id: one.ids.drain,
      ...baseOf(one, basis),
      ...whileReady(one),
      options,
      leaves: true,
      after: before,
    }
  })
  return [...cordons, ...moves, ...drains]
}

/** Whether pods are moved off a node that leaves. A machine that is down has none that could be. */
export function isDrained({ registered, serves }: LeavingNode, { rollout }: PlanBasis): boolean {
  return rollout.drainLeaving !== undefined && registered && serves
}

/** Whether pods are moved off a node that loses the worker role: the taint of etcd nodes would end them all at once. */
export function isEmptied(node: ClusterNode, basis: PlanBasis): boolean {
  return basis.rollout.drainLeaving !== undefined && hasRole(node, 'etcd') && losesWorkerRole(basis, node)
}

/** Ids of what lets workers take the pods of others: new ones are Ready, and those that were none have their labels. */
export function successors({ nodes }: PlanBasis): readonly string[] {
  return nodes
    .filter(({ node }) => hasRole(node, 'worker'))
    .flatMap(({ node: { address } }) => [ids.ready(address), ids.labels(address)])
}

function emptiedNodes(basis: PlanBasis): readonly Emptied[] {
  const leaving = basis.leaving
    .filter((one) => isDrained(one, basis))
    .map(({ node, observed }): Emptied => {
      const { address } = node
      const own = { cordon: ids.cordon(address), dns: ids.dns(address), drain: ids.drain(address) }
      return { node, because: LEAVES, isLost: observed === undefined, ids: own }
    })
  const losing = basis.nodes
    .filter(({ node }) => isEmptied(node, basis))
    .map(({ node }): Emptied => {
      return { node, because: { kind: 'loses-worker-role' }, ids: ids.emptied(node.address) }
    })
  return [...leaving, ...losing]
}

const whileReady = ({ isLost }: Emptied) => (isLost ? { whileReady: true } : {})

function baseOf({ node, because }: Emptied, { wanted: { config } }: PlanBasis) {
  return { node: node.address, ...nodeNameOf(node, config), because: [because] }
}
