import type { ContainerSpec } from '../../../src/desired/container-spec.ts'
import type { DesiredNode } from '../../../src/desired/desired-node.ts'
import type { EtcdMember } from '../../../src/etcd/etcd-api.ts'
import type { Action } from '../../../src/plan/action.ts'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import { desiredNodes } from '../fixture.ts'
import { healthyNode, registered, seeing } from './support.ts'

export const MASTER = '10.66.0.11'
export const WORKER = '10.66.0.12'

export const member = (hostname: string, address: string, isLearner = false): EtcdMember => ({
  id: address.replaceAll('.', ''),
  name: `etcd-${hostname}`,
  peerURLs: [`https://${address}:2380`],
  clientURLs: [],
  isLearner,
})

/** All nodes with all roles, so that each has every service. */
export function allRoles(basis: PlanBasis): PlanBasis {
  const [master] = desiredNodes
  if (master === undefined) throw new TypeError('the recorded cluster has no node')
  const nodes = basis.nodes.map((desired): DesiredNode => {
    const node = { ...desired.node, role: ['controlplane', 'etcd', 'worker'] }
    return { ...master, node }
  })
  const config = { ...basis.wanted.config, nodes: nodes.map(({ node }) => node) }
  const machines = new Map(nodes.map((desired) => [desired.node.address, healthyNode(desired)]))
  const etcd = {
    members: nodes.map(({ node }) => member(node.hostnameOverride, node.internalAddress)),
    healthy: nodes.map(({ node }) => node.address),
  }
  return registered(seeing({ ...basis, wanted: { ...basis.wanted, config }, nodes }, { machines, etcd }))
}

/** The same cluster, of which etcd names these members. */
export function withMembers(
  basis: PlanBasis,
  change: (members: readonly EtcdMember[]) => readonly EtcdMember[],
): PlanBasis {
  const { members = [], healthy = [] } = basis.seen.etcd ?? {}
  return seeing(basis, { etcd: { members: change(members), healthy } })
}

/** The same cluster with an argument of one service changed in cluster.yml. */
export function withOption(basis: PlanBasis, service: string): PlanBasis {
  const change = (spec: ContainerSpec): ContainerSpec => {
    if (spec.name !== service) return spec
    return spec.command.length > 0
      ? { ...spec, command: [...spec.command, '--v=4'] }
      : { ...spec, args: [...spec.args, '--v=4'] }
  }
  return {
    ...basis,
    nodes: basis.nodes.map((desired) => ({ ...desired, containers: desired.containers.map(change) })),
  }
}

export const kindsOn = (actions: readonly Action[], address: string): string[] =>
  actions.filter(({ node }) => node === address).map(({ kind }) => kind)

/** Whether `later` waits for `earlier`, over any distance. */
export function waits(actions: readonly Action[], later: string, earlier: string): boolean {
  const byId = new Map(actions.map((action) => [action.id, action]))
  const queue = [later]
  const seen = new Set(queue)
  for (const id of queue) {
    for (const before of byId.get(id)?.after ?? []) {
      if (before === earlier) return true
      if (!seen.has(before)) queue.push(before)
      seen.add(before)
    }
  }
  return false
}
