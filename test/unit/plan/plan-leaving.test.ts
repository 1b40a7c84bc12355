import { describe, expect, it } from 'vitest'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { watchLagNodes } from '../../../src/plan/rollout/watch-lag-nodes.ts'
import { config } from '../fixture.ts'
import { allRoles, kindsOn, WORKER, waits, withOption } from './living-cluster.ts'
import { appliedTo, quiet, recordedAnew, withKubeNode } from './support.ts'

const DRAIN = {
  force: true,
  ignoreDaemonSets: true,
  deleteLocalData: true,
  gracePeriod: -1,
  timeout: 120,
  watchLag: watchLagNodes(config, config),
}

/** The same cluster, one of whose nodes no run has applied yet, and that is not Ready. */
function arriving(basis: PlanBasis, address: string): PlanBasis {
  const { config } = basis.wanted
  const nodes = config.nodes.filter((node) => node.address !== address)
  return withKubeNode(appliedTo(basis, { ...config, nodes }), address, () => ({ ready: false }))
}

describe('a node that leaves', () => {
  /** The last node taken out of cluster.yml. */
  function without(input: PlanBasis, reachable: boolean): PlanBasis {
    const nodes = input.nodes.slice(0, -1)
    const [last] = input.nodes.slice(-1)
    if (last === undefined) throw new TypeError('no node to take out')
    const leaving = {
      node: last.node,
      images: [],
      observed: reachable ? input.seen.machines.get(last.node.address) : undefined,
      registered: true,
      serves: reachable,
    }
    return { ...input, nodes, leaving: [leaving], rollout: { ...input.rollout, drainLeaving: DRAIN } }
  }

  it('as a worker is drained, deleted and cleaned', () => {
    const { actions } = planCluster(without(quiet(), true))
    expect(kindsOn(actions, '10.66.0.13').filter((kind) => kind !== 'container.remove')).toEqual([
      'node.cordon',
      'dns.move',
      'node.drain',
      'node.delete',
      'host.clean',
    ])
    expect(waits(actions, 'node/10.66.0.13/delete', 'node/10.66.0.13/drain')).toBe(true)
    expect(waits(actions, 'node/10.66.0.13/leftover/kubelet', 'node/10.66.0.13/delete')).toBe(true)
  })

  it('and lost the worker role before has cluster DNS moved off all the same: its pods stayed', () => {
    const input = without(quiet(), true)
    const leaving = input.leaving.map((one) => ({
      ...one,
      node: { ...one.node, role: ['controlplane' as const] },
    }))
    const { actions } = planCluster({ ...input, leaving })
    expect(kindsOn(actions, '10.66.0.13')).toContain('dns.move')
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

  it('gets no new pods before those that stay can take them: new ones are Ready, and their labels are set', () => {
    const input = without(quiet(), true)
    const unlabelled = withKubeNode(arriving(input, WORKER), WORKER, ({ labels }) => ({
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('node-role'))),
    }))
    const { actions } = planCluster(unlabelled)
    const cordon = 'node/10.66.0.13/cordon'
    expect(waits(actions, cordon, `node/${WORKER}/ready`)).toBe(true)
    expect(waits(actions, cordon, `node/${WORKER}/labels`)).toBe(true)
  })

  it('and is dead does not wait for new ones: nothing on it serves any more', () => {
    const { actions } = planCluster(arriving(without(quiet(), false), WORKER))
    expect(waits(actions, 'node/10.66.0.13/cordon', `node/${WORKER}/ready`)).toBe(false)
    expect(kindsOn(actions, '10.66.0.13')).toEqual(['node.cordon', 'node.delete'])
  })

  it('and cannot be reached, but is Ready in Kubernetes, is drained as long as it is', () => {
    const input = without(quiet(), false)
    const leaving = input.leaving.map((one) => ({ ...one, serves: true }))
    const { actions } = planCluster({ ...arriving(input, WORKER), leaving })
    expect(kindsOn(actions, '10.66.0.13')).toEqual(['node.cordon', 'dns.move', 'node.drain', 'node.delete'])
    expect(waits(actions, 'node/10.66.0.13/cordon', `node/${WORKER}/ready`)).toBe(true)
    const moves = actions.filter(({ kind }) => kind === 'dns.move' || kind === 'node.drain')
    expect(moves).toEqual(moves.map((move) => ({ ...move, whileReady: true })))
  })

  it('with others gets no new pods before any of them loses one, and cluster DNS goes from one after the other', () => {
    const input = without(without(quiet(), true), true)
    const { actions } = planCluster({
      ...input,
      leaving: [...without(quiet(), true).leaving, ...input.leaving],
    })
    const [first, second] = ['node/10.66.0.13', `node/${WORKER}`]
    for (const node of [first, second]) {
      for (const other of [first, second]) {
        expect(waits(actions, `${node}/dns`, `${other}/cordon`)).toBe(true)
        expect(waits(actions, `${node}/drain`, `${other}/dns`)).toBe(true)
      }
    }
    expect(waits(actions, `${second}/dns`, `${first}/dns`)).toBe(true)
  })

  it('is not drained, and cluster DNS stays on it, if that is not wished', () => {
    const input = without(quiet(), true)
    const { actions } = planCluster({ ...input, rollout: { ...input.rollout, drainLeaving: undefined } })
    expect(kindsOn(actions, '10.66.0.13').filter((kind) => kind !== 'container.remove')).toEqual([
      'node.cordon',
      'node.delete',
      'host.clean',
    ])
  })

  it('is remembered by the state until it is gone', () => {
    const { actions } = planCluster(recordedAnew(without(quiet(), true)))
    expect(waits(actions, 'cluster/state', 'node/10.66.0.13/clean')).toBe(true)
  })
})

describe('a node that loses the worker role', () => {
  const losing = (role: readonly string[]): PlanBasis => {
    const input = quiet()
    const nodes = input.nodes.map((desired) =>
      desired.node.address === WORKER ? { ...desired, node: { ...desired.node, role: [...role] } } : desired,
    )
    const rollout = { ...input.rollout, drainLeaving: DRAIN }
    const config = { ...input.wanted.config, nodes: nodes.map(({ node }) => node) }
    return { ...input, wanted: { ...input.wanted, config }, nodes, rollout }
  }
  const labels = `node/${WORKER}/labels`

  it('and has etcd is emptied before it gets its taint, and takes pods that tolerate it afterwards', () => {
    const { actions } = planCluster(losing(['etcd']))
    expect(waits(actions, labels, `node/${WORKER}/emptied/drain`)).toBe(true)
    expect(waits(actions, `node/${WORKER}/emptied/drain`, `node/${WORKER}/emptied/dns`)).toBe(true)
    expect(waits(actions, `node/${WORKER}/emptied/uncordon`, labels)).toBe(true)
  })

  it('keeps its pods where no taint ends them', () => {
    expect(kindsOn(planCluster(losing(['controlplane'])).actions, WORKER)).not.toContain('node.drain')
  })

  it('waits, like its pods, until new workers are Ready', () => {
    for (const role of ['etcd', 'controlplane']) {
      const { config } = quiet().wanted
      const known = { ...config, nodes: config.nodes.slice(0, 2) }
      const basis = withKubeNode(appliedTo(losing([role]), known), '10.66.0.13', () => ({ ready: false }))
      const { actions } = planCluster(basis)
      expect(waits(actions, labels, 'node/10.66.0.13/ready')).toBe(true)
    }
  })
})
