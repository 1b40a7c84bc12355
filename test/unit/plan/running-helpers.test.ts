import { expect, test } from 'vitest'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { healthyNode, quiet, seeing } from './support.ts'

const [first] = quiet().nodes

/** What a plan does about a helper that is in this state on the first node. */
function planWith(name: string, state: string) {
  if (first === undefined) throw new TypeError('no node')
  const healthy = healthyNode(first)
  const helper = { id: 'h', names: [name], state, image: 'i', labels: {}, created: 0 }
  const { address } = first.node
  const machines = new Map([
    ...quiet().seen.machines,
    [address, { ...healthy, all: [...healthy.all, helper] }],
  ])
  return planCluster(seeing(quiet(), { machines })).actions.map(({ id }) => id)
}

test.each(['etcd-snapshot-once', 'etcd-snapshot-reader'])(
  'a save or a list that somebody makes at the moment is left alone, and its remains are removed: %s',
  (name) => {
    expect(planWith(name, 'running')).toEqual([])
    expect(planWith(name, 'exited')).toEqual([`node/${first?.node.address}/leftover/${name}`])
  },
)
