import { describe, expect, it } from 'vitest'
import { stepInfo } from '../../../src/actions/actions.ts'
import { runSteps } from '../../../src/engine/engine.ts'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { allRoles, MASTER, waits, withMembers } from './living-cluster.ts'
import { emptyNode, quiet, seeing } from './support.ts'

describe('a new etcd node', () => {
  const grown = (): PlanBasis => {
    const input = allRoles(quiet())
    const machines = new Map(input.seen.machines)
    for (const desired of input.nodes.slice(1)) machines.set(desired.node.address, emptyNode(desired))
    return withMembers(seeing(input, { machines }), (members) => members.slice(0, 1))
  }

  it('becomes a member without a vote, then starts, then gets its vote; the next one after that', () => {
    const { actions } = planCluster(grown())
    const steps = ['etcd-member/add', 'container/etcd', 'health/etcd', 'etcd-member/promote']
    const ids = ['10.66.0.12', '10.66.0.13'].flatMap((address) =>
      steps.map((step) => `node/${address}/${step}`),
    )
    for (const [index, id] of ids.entries()) {
      if (index > 0) expect(waits(actions, id, ids[index - 1] ?? ''), id).toBe(true)
    }
  })

  it('does not touch the members that there are', () => {
    const { actions } = planCluster(grown())
    expect(actions.filter(({ node, kind }) => node === MASTER && kind.startsWith('container.'))).toEqual([])
  })

  it('that an interrupted run left without a vote only gets its vote', () => {
    const input = withMembers(allRoles(quiet()), (members) =>
      members.map((one, index) => (index === 2 ? { ...one, isLearner: true } : one)),
    )
    const { actions } = planCluster(input)
    expect(actions.map(({ kind }) => kind)).toEqual(['etcd.member.promote'])
  })
})

describe('an etcd node that was removed from etcd before its other components were started', () => {
  it('holds no place in a window, where its components would wait for each other', async () => {
    const input = allRoles(quiet())
    const machine = input.seen.machines.get('10.66.0.13')
    const kept = [...(machine?.containers ?? [])].filter(([name]) => name === 'etcd')
    const joined = [...(input.seen.machines.get('10.66.0.12')?.containers ?? [])]
    if (machine === undefined) throw new TypeError('the recorded cluster has three nodes')
    const machines = new Map(input.seen.machines).set('10.66.0.13', { ...machine, containers: new Map(kept) })
    for (const [address, found] of machines) {
      if (address === '10.66.0.12') {
        const containers = new Map(joined.filter(([name]) => name !== 'kube-apiserver'))
        machines.set(address, { ...found, containers })
      }
    }
    const stale = withMembers(seeing(input, { machines }), (members) => members.slice(0, 2))
    const { actions, windows } = planCluster(stale)
    expect(actions.filter(({ node, window }) => node === '10.66.0.13' && window !== undefined)).toEqual([])
    const { done, skipped } = await runSteps({
      steps: actions,
      windows,
      info: stepInfo,
      emit: () => {},
      run: async () => {},
    })
    expect(skipped.map(({ id }) => id)).toEqual([])
    expect(done).toHaveLength(actions.length)
  })
})

describe('an etcd node whose machine was wiped', () => {
  it('has its old member forgotten before it joins as a new one', () => {
    const input = allRoles(quiet())
    const [, , third] = input.nodes
    if (third === undefined) throw new TypeError('the recorded cluster has three nodes')
    const machines = new Map(input.seen.machines).set(third.node.address, emptyNode(third))
    const { actions } = planCluster(seeing(input, { machines }))
    const order = [
      'etcd-member/remove',
      'etcd-member/add',
      'container/etcd',
      'health/etcd',
      'etcd-member/promote',
    ]
    for (const [index, step] of order.entries()) {
      const [later, earlier] = [`node/10.66.0.13/${step}`, `node/10.66.0.13/${order[index - 1]}`]
      if (index > 0) expect(waits(actions, later, earlier), step).toBe(true)
    }
  })
})
