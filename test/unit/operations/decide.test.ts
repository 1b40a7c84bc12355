import { expect, test } from 'vitest'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import { observedContainer } from '../../../src/observe/observed-container.ts'
import type { ObservedNode } from '../../../src/observe/observed-node.ts'
import type { Action } from '../../../src/plan/action.ts'
import { clustersToJoin } from '../../../src/plan/etcd/clusters-to-join.ts'
import { refuseQuorumLoss } from '../../../src/plan/etcd/member-guards.ts'
import { postponedChanges, stoppedMembers } from '../../../src/plan/etcd/postponed.ts'
import { guardQuorum } from '../../../src/plan/etcd/quorum-guard.ts'
import { recreatedMembers } from '../../../src/plan/etcd/recreated-members.ts'
import { makePlan } from '../../../src/plan/model/plan.ts'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import { cleanNode } from '../../../src/plan/plan-removal.ts'
import { leavingNodes } from '../../../src/plan/rollout/leaving.ts'
import { catalog, config, desiredNodes } from '../fixture.ts'
import { appliedTo, emptyNode, healthyNode, quiet, seeing } from '../plan/support.ts'

const withRoles = (...roles: readonly string[][]): ClusterConfig => ({
  ...config,
  nodes: config.nodes.flatMap((node, index) => {
    const role = roles[index]
    return role === undefined ? [] : [{ ...node, role }]
  }),
})
/** Etcd that names no member. */
const none = { members: [], healthy: [] }
const three = withRoles(['etcd', 'controlplane'], ['etcd'], ['etcd'])
const observed = quiet().seen.machines
const [first, second, third] = desiredNodes
if (first === undefined || second === undefined || third === undefined) throw new TypeError('no nodes')
const twoNodes = [first, second]

test('a node that an interrupted run began with and that is taken out again leaves the cluster, too', () => {
  const one = withRoles(['etcd', 'controlplane'])
  const state = { currentState: { rkeConfig: one }, desiredState: { rkeConfig: three } }
  expect(leavingNodes(state, one).map(({ address }) => address)).toEqual(['10.66.0.12', '10.66.0.13'])
})

test('while etcd does not answer, no member joins or goes, and no data is deleted', () => {
  const wiped = new Map([...observed, ['10.66.0.12', emptyNode(second)] as const])
  expect(postponedChanges(three, three, wiped, [], undefined).nodes).toEqual(['10.66.0.12'])
  const etcd = healthyNode(first).containers
  const carries = new Map([...observed, ['10.66.0.13', { ...healthyNode(third), containers: etcd }] as const])
  const fewer = withRoles(['etcd', 'controlplane'], ['etcd'], ['worker'])
  expect(postponedChanges(fewer, three, carries, [], undefined).nodes).toContain('10.66.0.13')
  const gone = three.nodes.slice(2)
  expect(postponedChanges(three, three, observed, gone, undefined).leaving).toEqual(gone)
  expect(postponedChanges(fewer, three, carries, gone, none)).toEqual({
    nodes: [],
    leaving: [],
  })
})

test('a member that is to go and has lost its container, or its whole machine, stays until etcd answers', () => {
  const fewer = withRoles(['etcd', 'controlplane'], ['etcd'], ['worker'])
  const snapshots = new Map([...healthyNode(first).containers].filter(([name]) => name !== 'etcd'))
  for (const found of [
    { ...healthyNode(third), containers: snapshots },
    healthyNode(third),
    emptyNode(third),
  ]) {
    const seen = new Map([...observed, ['10.66.0.13', found] as const])
    expect(postponedChanges(fewer, three, seen, [], undefined).nodes).toEqual(['10.66.0.13'])
    expect(postponedChanges(fewer, three, seen, [], none).nodes).toEqual([])
  }
})

test('a member that joined in a run without end, and lost its container, is repaired with the others', () => {
  const before = withRoles(['etcd', 'controlplane'])
  const snapshots = new Map([...healthyNode(first).containers].filter(([name]) => name !== 'etcd'))
  const found = new Map([
    ...observed,
    ['10.66.0.12', { ...healthyNode(second), containers: snapshots }] as const,
  ])
  const two = withRoles(['etcd', 'controlplane'], ['etcd'])
  expect(snapshots.has('etcd-rolling-snapshots')).toBe(true)
  expect(postponedChanges(two, before, found, [], undefined).nodes).toEqual([])
})

test('machines that may still have the data, and without which etcd has no quorum, are not left out', () => {
  const empty = [first, second, third].map((one) => [one.node.address, emptyNode(one)] as const)
  expect(postponedChanges(three, three, new Map(empty), [], undefined).nodes).toEqual([])
})

test('a member that is to go later is brought back only if it has stopped', () => {
  const etcd = healthyNode(first).containers.get('etcd')
  if (etcd === undefined) throw new TypeError('no etcd')
  const withEtcd = (Running: boolean) => ({
    ...healthyNode(third),
    containers: new Map([['etcd', { ...etcd, State: { ...etcd.State, Running } }]]),
  })
  const postponed = { nodes: ['10.66.0.12', '10.66.0.13'], leaving: [] }
  const seen = (runs: boolean) =>
    new Map([
      ['10.66.0.12', emptyNode(second)],
      ['10.66.0.13', withEtcd(runs)],
    ])
  expect(stoppedMembers(postponed, seen(false))).toEqual(['10.66.0.13'])
  expect(stoppedMembers(postponed, seen(true))).toEqual([])
})

test('a node whose etcd was made and never started joins later, and counts for no quorum', () => {
  const etcd = healthyNode(first).containers.get('etcd')
  if (etcd === undefined) throw new TypeError('no etcd')
  const before = withRoles(['etcd', 'controlplane'], ['etcd'])
  const with3rd = (Status: string) =>
    new Map([
      ...observed,
      ['10.66.0.12', emptyNode(second)] as const,
      [
        '10.66.0.13',
        {
          ...healthyNode(third),
          containers: new Map([['etcd', { ...etcd, State: { ...etcd.State, Status } }]]),
        },
      ] as const,
    ])
  expect(postponedChanges(three, before, with3rd('created'), [], undefined).nodes).toEqual(['10.66.0.13'])
  // With the one that joined, the empty machine is not needed.
  expect(postponedChanges(three, before, with3rd('exited'), [], undefined).nodes).toEqual(['10.66.0.12'])
})

test('while etcd does not answer, no member begins a cluster of its own, unless nothing is left of the old one', () => {
  const etcd = healthyNode(first).containers.get('etcd')
  if (etcd === undefined) throw new TypeError('no etcd')
  const Cmd = ['etcd', '--initial-cluster-state=existing', '--initial-cluster=a=https://a:2380']
  const seen = new Map([
    ['10.66.0.11', healthyNode(first)],
    ['10.66.0.12', emptyNode(second)],
    [
      '10.66.0.13',
      {
        ...healthyNode(third),
        containers: new Map([['etcd', observedContainer({ ...etcd, Config: { ...etcd.Config, Cmd } })]]),
      },
    ],
  ])
  const joined = (machines: ReadonlyMap<string, ObservedNode>) =>
    clustersToJoin({ config: three, applied: three, etcd: undefined, machines, leaving: [] })
  expect([...joined(seen).keys()]).toEqual(['10.66.0.12', '10.66.0.13'])
  expect(joined(seen).get('10.66.0.12')?.initialCluster.split(',')).toHaveLength(3)
  expect(joined(seen).get('10.66.0.13')).toEqual({ initialCluster: 'a=https://a:2380' })
  const empty = [first, second, third].map((one) => [one.node.address, emptyNode(one)] as const)
  expect(joined(new Map(empty)).size).toBe(0)
})

test('a member that is to go later gets its container again, if that is gone, and never begins a cluster with it', () => {
  const input = desiredInput(config, catalog, false)
  const snapshots = new Map([...healthyNode(first).containers].filter(([name]) => name !== 'etcd'))
  const postponed = { nodes: ['10.66.0.12', '10.66.0.13'], leaving: [] }
  const seen = new Map([
    ['10.66.0.12', emptyNode(second)],
    ['10.66.0.13', { ...healthyNode(third), containers: snapshots }],
  ])
  const [lost, ...more] = recreatedMembers(postponed, three, seen, input)
  expect(more).toEqual([])
  expect(lost).toMatchObject({ node: '10.66.0.13', container: { name: 'etcd' } })
  expect(lost?.container.args).toContain('--initial-cluster-state=existing')
  const one = withRoles(['etcd', 'controlplane'])
  expect(recreatedMembers(postponed, one, seen, input)).toEqual([])
  expect(recreatedMembers(postponed, three, observed, input).map(({ node }) => node)).toEqual([
    '10.66.0.12',
    '10.66.0.13',
  ])
})

test('a member that can be repaired before counts for the quorum when another one leaves', () => {
  const members = three.nodes.map(({ hostnameOverride }, index) => ({
    id: `${index}`,
    name: `etcd-${hostnameOverride}`,
    peerURLs: [],
    clientURLs: [],
    isLearner: false,
  }))
  const staying = withRoles(['etcd', 'controlplane'], ['etcd'])
  const etcd = { members, healthy: ['10.66.0.11'] }
  const leaving = three.nodes.slice(2)
  expect(() => refuseQuorumLoss(staying, leaving, etcd, new Set(['10.66.0.11', '10.66.0.12']))).not.toThrow()
  expect(() => refuseQuorumLoss(staying, leaving, etcd, new Set(['10.66.0.11']))).toThrow(/2 are needed/)
})

/** The cluster of a configuration, of which only two nodes can be reached. */
function among(wanted: ClusterConfig, basis: PlanBasis): PlanBasis {
  return { ...basis, wanted: { ...basis.wanted, config: wanted }, nodes: twoNodes }
}

const restartOf = (node: string): Action => ({
  kind: 'container.restart',
  id: `node/${node}/restart/etcd`,
  node,
  name: 'etcd',
  because: [],
  after: [],
})

test('etcd is not replaced while another member of three cannot be reached', () => {
  const restart = restartOf('10.66.0.11')
  const etcd = { members: [], healthy: ['10.66.0.11', '10.66.0.12'] }
  const input = among(three, seeing(quiet(), { etcd }))
  expect(() => guardQuorum(makePlan([restart]), input)).toThrow(
    'of 3 members 1 would be left meanwhile, and 2 are needed',
  )
  // Where etcd does not answer, what is repaired may be missed by it, or be what it misses.
  const repaired = restartOf('10.66.0.12')
  const machines = new Map([[first.node.address, healthyNode(first)]])
  const unasked = seeing(input, { etcd: undefined, machines })
  const guarded = guardQuorum(makePlan([restart, repaired]), unasked)
  expect(guarded.plan.actions).toEqual([repaired])
  expect(guarded.postponed).toEqual(['10.66.0.11'])
})

test('if nothing else can mend etcd, members that run are replaced, but only one in a run', () => {
  const observed = new Map([first, second].map((one) => [one.node.address, healthyNode(first)]))
  const input = among(three, seeing(quiet(), { machines: observed }))
  const restarts = [restartOf('10.66.0.11'), restartOf('10.66.0.12')]
  const guarded = guardQuorum(makePlan(restarts), input)
  expect(guarded.plan.actions).toEqual(restarts.slice(0, 1))
  expect(guarded.postponed).toEqual(['10.66.0.12'])
})

test('a member that is not replaced keeps its files and its data as they are', () => {
  const observed = new Map([first, second].map((one) => [one.node.address, healthyNode(first)]))
  const input = among(three, seeing(quiet(), { machines: observed }))
  const on = (node: string): readonly Action[] => {
    const base = { node, image: 'i', because: [], after: [] }
    const id = `node/${node}`
    return [
      {
        kind: 'files.access',
        id: `${id}/etcd-files-access`,
        ...base,
        folder: '/etc/kubernetes',
        entries: [],
      },
      { kind: 'etcd.permissions', id: `${id}/etcd-permissions`, ...base, directory: '/var/lib/etcd' },
      restartOf(node),
    ]
  }
  const guarded = guardQuorum(makePlan([...on('10.66.0.11'), ...on('10.66.0.12')]), input)
  expect(guarded.plan.actions).toEqual(on('10.66.0.11'))
})

test('a member that loses its role while its node cannot be reached counts for the quorum until it is taken out', () => {
  const stop = restartOf('10.66.0.11')
  const { nodes } = three
  const members = nodes.map(({ hostnameOverride, internalAddress }) => ({
    id: hostnameOverride,
    name: `etcd-${hostnameOverride}`,
    peerURLs: [`https://${internalAddress}:2380`],
    clientURLs: [],
    isLearner: false,
  }))
  const observed = new Map([first, second].map((one) => [one.node.address, healthyNode(first)]))
  const wanted = withRoles(['etcd', 'controlplane'], ['etcd', 'controlplane'], ['controlplane'])
  const healthy = [...observed.keys()]
  const seen = seeing(quiet(), { etcd: { members, healthy }, machines: observed })
  const input = appliedTo(among(wanted, seen), three)
  expect(() => guardQuorum(makePlan([stop]), input)).toThrow('10.66.0.13 cannot be reached')
  const both = makePlan([stop, restartOf('10.66.0.12')])
  expect(guardQuorum(both, seeing(input, { etcd: undefined })).postponed).toEqual(['10.66.0.12'])
  const [one, two] = members
  if (one === undefined || two === undefined) throw new TypeError('no members')
  const without = seeing(input, { etcd: { members: [one, two], healthy } })
  expect(guardQuorum(makePlan([stop]), without).postponed).toEqual([])
})

test('a machine that leaves with an upgrade is cleaned with the image it has', () => {
  const kubelet = healthyNode(third).containers.get('kubelet')
  if (kubelet === undefined) throw new TypeError('no kubelet')
  const before = { ...kubelet, Config: { ...kubelet.Config, Image: 'rancher/hyperkube:old' } }
  const found = { ...healthyNode(third), containers: new Map([['kubelet', before]]), images: new Map() }
  const clean = cleanNode(config, found, { snapshots: false }).find(({ kind }) => kind === 'host.clean')
  expect(clean).toMatchObject({ image: 'rancher/hyperkube:old' })
})
