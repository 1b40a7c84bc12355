import { describe, expect, it } from 'vitest'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import type { PlanInput } from '../../../src/plan/plan-input.ts'
import { allRoles, kindsOn, waits, withOption } from './living-cluster.ts'
import { quiet } from './support.ts'

describe('a node that leaves', () => {
  const drainLeaving = {
    force: true,
    ignoreDaemonSets: true,
    deleteLocalData: true,
    gracePeriod: -1,
    timeout: 120,
  }

  /** The last node taken out of cluster.yml. */
  function without(input: PlanInput, reachable: boolean): PlanInput {
    const nodes = input.nodes.slice(0, -1)
    const [last] = input.nodes.slice(-1)
    if (last === undefined) throw new TypeError('no node to take out')
    const leaving = {
      node: last.node,
      prefix: '/',
      observed: reachable ? input.observed.get(last.node.address) : undefined,
      registered: true,
    }
    return { ...input, nodes, leaving: [leaving], rollout: { ...input.rollout, drainLeaving } }
  }

  it('as a worker is drained, deleted and cleaned', () => {
    const { actions } = planCluster(without(quiet(), true))
    expect(kindsOn(actions, '10.66.0.13').filter((kind) => kind !== 'container.remove')).toEqual([
      'node.cordon',
      'node.drain',
      'node.delete',
      'host.clean',
    ])
    expect(waits(actions, 'node/10.66.0.13/leftover/kubelet', 'node/10.66.0.13/delete')).toBe(true)
  })

  it('as an etcd member is removed from etcd before its container stops', () => {
    const { actions } = planCluster(without(allRoles(quiet()), true))
    expect(waits(actions, 'node/10.66.0.13/leftover/etcd', 'node/10.66.0.13/etcd-member/remove')).toBe(true)
    expect(waits(actions, 'node/10.66.0.13/etcd-member/remove', 'node/10.66.0.13/drain')).toBe(true)
  })

  it('and is dead is removed from etcd first and from Kubernetes, without a connection', () => {
    const { actions } = planCluster(without(withOption(allRoles(quiet()), 'etcd'), false))
    expect(kindsOn(actions, '10.66.0.13')).toEqual(['etcd.member.remove', 'node.cordon', 'node.delete'])
    expect(waits(actions, 'node/10.66.0.11/container/etcd', 'node/10.66.0.13/etcd-member/remove')).toBe(true)
  })

  it('is remembered by the state until it is gone', () => {
    const { actions } = planCluster({
      ...without(quiet(), true),
      stateChanges: ['configuration changed: nodes'],
    })
    expect(waits(actions, 'cluster/state', 'node/10.66.0.13/clean')).toBe(true)
  })
})
