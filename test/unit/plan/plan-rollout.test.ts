import { describe, expect, it } from 'vitest'
import type { DesiredNode } from '../../../src/desired/desired-node.ts'
import { observedContainer } from '../../../src/observe/observed-container.ts'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { watchLagNodes } from '../../../src/plan/rollout/watch-lag-nodes.ts'
import { config, desiredNodes } from '../fixture.ts'
import {
  allRoles,
  kindsOn,
  MASTER,
  member,
  WORKER,
  waits,
  withMembers,
  withOption,
} from './living-cluster.ts'
import {
  appliedTo,
  emptyNode,
  planText,
  quiet,
  registered,
  renewing,
  seeing,
  withMachine,
} from './support.ts'

describe('a changed option in a cluster that serves', () => {
  it('of the kubelet: control plane node first, then workers in their window, each kept free of new pods', async () => {
    await expect(planText(planCluster(withOption(quiet(), 'kubelet')))).toMatchFileSnapshot(
      'golden/kubelet-option.txt',
    )
  })

  it('of etcd: one member after the other, each healthy before the next', () => {
    const { actions } = planCluster(withOption(allRoles(quiet()), 'etcd'))
    const replaced = actions.filter(({ kind }) => kind === 'container.replace').map(({ id }) => id)
    expect(replaced).toHaveLength(3)
    expect(waits(actions, 'node/10.66.0.12/container/etcd', 'node/10.66.0.11/health/etcd')).toBe(true)
    expect(waits(actions, 'node/10.66.0.13/container/etcd', 'node/10.66.0.12/health/etcd')).toBe(true)
  })

  it.each([
    ['etcd', 'etcd'],
    ['API servers', 'kube-apiserver'],
  ])(
    'of %s that reached one node before a run ended: that one must be well before others stop',
    (_, name) => {
      const before = allRoles(quiet())
      const after = withOption(before, name)
      const nodes = [before.nodes[0], ...after.nodes.slice(1)].filter((one) => one !== undefined)
      const { actions } = planCluster({ ...after, nodes })
      const check = `node/${MASTER}/health/${name}`
      for (const address of ['10.66.0.12', '10.66.0.13']) {
        expect(waits(actions, `node/${address}/container/${name}`, check)).toBe(true)
      }
      expect(actions.filter(({ node }) => node === MASTER).map(({ id }) => id)).toEqual([check])
    },
  )

  it('of etcd, where a member has no vote yet: that one is not asked, as it may not answer', () => {
    const before = allRoles(quiet())
    const after = withOption(before, 'etcd')
    const nodes = [after.nodes[0], ...before.nodes.slice(1)].filter((one) => one !== undefined)
    const learning = withMembers(after, (members) =>
      members.map((one, index) => (index === 2 ? { ...one, isLearner: true } : one)),
    )
    const { actions } = planCluster({ ...learning, nodes })
    const replacement = `node/${MASTER}/container/etcd`
    expect(waits(actions, replacement, 'node/10.66.0.12/health/etcd')).toBe(true)
    expect(waits(actions, replacement, 'node/10.66.0.13/etcd-member/promote')).toBe(true)
    expect(actions.map(({ id }) => id)).not.toContain('node/10.66.0.13/health/etcd')
  })

  it('waits until all images are there, so that a registry that fails stops it before anything is out of service', () => {
    const input = withOption(withOption(allRoles(quiet()), 'etcd'), 'kubelet')
    const last = input.seen.machines.get('10.66.0.13')
    if (last === undefined) throw new TypeError('the recorded cluster has three nodes')
    const { actions } = planCluster(withMachine(input, { ...last, images: new Map() }))
    const pulls = actions.filter(({ kind }) => kind === 'image.pull')
    expect(new Set(pulls.map(({ node }) => node))).toEqual(new Set(['10.66.0.13']))
    for (const { id } of pulls) {
      expect(waits(actions, 'node/10.66.0.11/container/etcd', id), id).toBe(true)
      expect(waits(actions, 'node/10.66.0.11/cordon', id), id).toBe(true)
    }
  })

  it('of the API server: never on more nodes at once than max_unavailable_controlplane', () => {
    const { actions, windows } = planCluster(withOption(allRoles(quiet()), 'kube-apiserver'))
    const servers = actions.filter((action) => action.kind === 'container.replace')
    expect(servers.map(({ window }) => window)).toEqual(['controlplane', 'controlplane', 'controlplane'])
    expect(windows.controlplane).toBe(1)
  })

  it('drains nodes first where upgrade_strategy says so', () => {
    const drain = {
      force: false,
      ignoreDaemonSets: true,
      deleteLocalData: false,
      gracePeriod: -1,
      timeout: 120,
      watchLag: watchLagNodes(config, config),
    }
    const input = withOption(quiet(), 'kubelet')
    const { actions } = planCluster({ ...input, rollout: { ...input.rollout, drain } })
    expect(kindsOn(actions, WORKER)).toEqual([
      'node.cordon',
      'node.drain',
      'container.replace',
      'service.health',
      'node.ready',
      'node.uncordon',
    ])
  })

  it('of nginx-proxy keeps no pod away', () => {
    const { actions } = planCluster(withOption(quiet(), 'nginx-proxy'))
    expect(actions.map(({ kind }) => kind).filter((kind) => kind.startsWith('node.'))).toEqual([])
  })
})

describe('certificates that changed', () => {
  it('restart their users in the same windows as replacements, so that an API server is always up', () => {
    const { actions } = planCluster(
      renewing(allRoles(quiet()), ['kube-service-account-token'], ['certificatePEM', 'keyPEM']),
    )
    const restarted = actions.filter(({ id }) => id.endsWith('/restart/kube-apiserver'))
    expect(restarted.map(({ window }) => window)).toEqual(['controlplane', 'controlplane', 'controlplane'])
  })
})

describe('snapshots switched off', () => {
  it('remove the snapshot container and touch neither etcd nor its data', () => {
    const input = allRoles(quiet())
    const nodes = input.nodes.map((desired) => ({
      ...desired,
      containers: desired.containers.filter(({ name }) => name !== 'etcd-rolling-snapshots'),
    }))
    const { actions } = planCluster({ ...input, nodes })
    expect(actions.map(({ id }) => id)).toEqual(
      nodes.map(({ node }) => `node/${node.address}/leftover/etcd-rolling-snapshots`),
    )
  })
})

describe('a role taken from a node', () => {
  it('etcd: its member goes, then its containers, then its data', () => {
    const input = allRoles(quiet())
    const nodes = input.nodes.map(
      (desired, index): DesiredNode =>
        index < 2
          ? desired
          : {
              ...desired,
              node: { ...desired.node, role: ['controlplane', 'worker'] },
              containers: desired.containers.filter(({ name }) => !name.startsWith('etcd')),
            },
    )
    const { actions } = planCluster(registered({ ...input, nodes }))
    expect(kindsOn(actions, '10.66.0.13')).toEqual([
      'etcd.member.remove',
      'container.remove',
      'folders.clear',
      'container.remove',
    ])
    expect(waits(actions, 'node/10.66.0.13/leftover/etcd', 'node/10.66.0.13/etcd-member/remove')).toBe(true)
  })

  it('control plane: its API server makes room for the proxy on the same port', () => {
    const input = allRoles(quiet())
    const worker = desiredNodes[1]
    if (worker === undefined) throw new TypeError('the recorded cluster has no worker')
    const nodes = input.nodes.map((desired, index) => (index === 1 ? worker : desired))
    const less = withMembers(input, (members) => members.filter((_, index) => index !== 1))
    const { actions } = planCluster({ ...less, nodes })
    expect(
      waits(actions, `node/${WORKER}/container/nginx-proxy`, `node/${WORKER}/leftover/kube-apiserver`),
    ).toBe(true)
  })
})

describe('a cluster that is not all well', () => {
  const NODES = ['10.66.0.11', '10.66.0.12', '10.66.0.13']

  /** The same cluster, one of whose containers has stopped, or is in a crash loop. */
  const withState = (
    input: PlanBasis,
    address: string,
    container: string,
    state: { readonly Running: boolean; readonly Restarting: boolean },
  ): PlanBasis => {
    const found = input.seen.machines.get(address)
    const inspected = found?.containers.get(container)
    if (found === undefined || inspected === undefined) throw new TypeError(`no ${container} on ${address}`)
    const changed = { ...inspected, State: { ...inspected.State, ...state } }
    const containers = new Map([...found.containers, [container, changed]])
    return withMachine(input, { ...found, containers })
  }
  const stopped = { Running: false, Restarting: false }
  const wiped = (input: PlanBasis, index: number): PlanBasis => {
    const desired = input.nodes[index]
    if (desired === undefined) throw new TypeError('no such node')
    return withMachine(input, emptyNode(desired))
  }

  /** The same cluster, whose third node was a member before. */
  const wasMember = (basis: PlanBasis): PlanBasis => {
    const { config } = quiet().wanted
    const nodes = config.nodes.map((node, index) => (index === 2 ? { ...node, role: ['etcd'] } : node))
    return appliedTo(basis, { ...config, nodes })
  }

  /** The same cluster, whose etcd does not answer, so that a member that is to go stays for now. */
  const postponing = (basis: PlanBasis): PlanBasis => ({
    ...seeing(basis, { etcd: undefined }),
    scope: { ...basis.scope, postponed: { nodes: ['10.66.0.14'], leaving: [] } },
  })

  it('starts a member that has stopped before another one is replaced', () => {
    const input = withState(withOption(allRoles(quiet()), 'etcd'), '10.66.0.13', 'etcd', stopped)
    const { actions } = planCluster(input)
    expect(waits(actions, 'node/10.66.0.11/container/etcd', 'node/10.66.0.13/health/etcd')).toBe(true)
  })

  it('lets a wiped member join again before another one is replaced', () => {
    const { actions } = planCluster(wiped(withOption(allRoles(quiet()), 'etcd'), 2))
    expect(waits(actions, 'node/10.66.0.11/container/etcd', 'node/10.66.0.13/etcd-member/promote')).toBe(true)
  })

  it('starts a member that has stopped before a new one joins, because etcd takes none while one is missing', () => {
    const input = withState(wiped(allRoles(quiet()), 0), '10.66.0.13', 'etcd', stopped)
    const { actions } = planCluster(input)
    expect(waits(actions, 'node/10.66.0.11/etcd-member/add', 'node/10.66.0.13/health/etcd')).toBe(true)
  })

  it('makes a learner of an earlier run a full member before it adds another, because etcd takes one at a time', () => {
    const learner = { ...member('n13', '10.66.0.13', true), name: '' }
    const input = withMembers(allRoles(quiet()), (members) => [...members.slice(1, 2), learner])
    const { actions } = planCluster(input)
    expect(waits(actions, 'node/10.66.0.11/etcd-member/add', 'node/10.66.0.13/etcd-member/promote')).toBe(
      true,
    )
  })

  it('takes out a leaving member that never started, though it has no name yet', () => {
    const learner = { ...member('', '10.66.0.13', true), name: '' }
    const input = withMembers(allRoles(quiet()), (members) => [...members.slice(0, 2), learner])
    const [first, second, third] = input.nodes
    if (first === undefined || second === undefined || third === undefined) throw new TypeError('no nodes')
    const observed = input.seen.machines.get(third.node.address)
    const leaving = [
      { node: third.node, images: [], observed, registered: true, serves: observed !== undefined },
    ]
    const { actions } = planCluster({ ...input, nodes: [first, second], leaving })
    expect(actions.map(({ id }) => id)).toContain('node/10.66.0.13/etcd-member/remove')
  })

  it('counts members that leave later for the quorum, when one that was wiped is taken out', () => {
    const input = wiped(allRoles(quiet()), 1)
    const [first, second, third] = input.nodes
    if (first === undefined || second === undefined || third === undefined) throw new TypeError('no nodes')
    const observed = input.seen.machines.get(third.node.address)
    const leaving = [
      { node: third.node, images: [], observed, registered: true, serves: observed !== undefined },
    ]
    const { actions } = planCluster({ ...input, nodes: [first, second], leaving })
    const forget = actions.find(({ id }) => id === 'node/10.66.0.12/etcd-member/remove')
    expect(forget).toMatchObject({ voters: expect.arrayContaining(['10.66.0.11', '10.66.0.13']) })
  })

  it('takes a leaving member that has stopped out before any other is replaced', () => {
    const input = withState(withOption(allRoles(quiet()), 'etcd'), '10.66.0.13', 'etcd', stopped)
    const [first, second, third] = input.nodes
    if (first === undefined || second === undefined || third === undefined) throw new TypeError('no nodes')
    const observed = input.seen.machines.get(third.node.address)
    const leaving = [
      { node: third.node, images: [], observed, registered: true, serves: observed !== undefined },
    ]
    const { actions } = planCluster({ ...input, nodes: [first, second], leaving })
    expect(waits(actions, 'node/10.66.0.11/container/etcd', 'node/10.66.0.13/etcd-member/remove')).toBe(true)
  })

  it('keeps one API server up, whatever max_unavailable_controlplane allows', () => {
    const input = withOption(allRoles(quiet()), 'kube-apiserver')
    const rollout = { ...input.rollout, maxUnavailableControlPlane: 50 }
    expect(planCluster({ ...input, rollout }).windows.controlplane).toBe(2)
    const oneDown = withState({ ...input, rollout }, '10.66.0.12', 'kube-apiserver', stopped)
    const { actions, windows } = planCluster(oneDown)
    expect(windows.controlplane).toBe(1)
    const servers = actions.filter(({ id }) => id.endsWith('/container/kube-apiserver'))
    expect(servers[0]?.node).toBe('10.66.0.12')
  })

  it('takes out a leaving learner before a new member joins, because etcd takes one at a time', () => {
    const input = allRoles(quiet())
    const [first, second, third] = input.nodes
    if (first === undefined || second === undefined || third === undefined) throw new TypeError('no nodes')
    const observed = input.seen.machines.get(third.node.address)
    const leaving = [
      { node: third.node, images: [], observed, registered: true, serves: observed !== undefined },
    ]
    const learner = member(third.node.hostnameOverride, '10.66.0.13', true)
    const learning = withMembers(input, (members) => [...members.slice(0, 1), learner])
    const { actions } = planCluster({ ...learning, nodes: [first, second], leaving })
    expect(waits(actions, 'node/10.66.0.12/etcd-member/add', 'node/10.66.0.13/etcd-member/remove')).toBe(true)
  })

  it('clears the data of a member that was taken out before its node joins again', () => {
    const { actions } = planCluster(withMembers(allRoles(quiet()), (members) => members.slice(0, 2)))
    const [clear, add] = ['node/10.66.0.13/etcd-data', 'node/10.66.0.13/etcd-member/add']
    expect(waits(actions, clear, 'node/10.66.0.13/leftover/etcd')).toBe(true)
    expect(waits(actions, add, clear)).toBe(true)
    expect(actions.find(({ id }) => id === 'node/10.66.0.13/container/etcd')?.kind).toBe('container.create')
  })

  it('clears the data that an interrupted run left of a member, and no data of a machine it does not know', () => {
    const input = withMembers(wiped(allRoles(quiet()), 2), (members) => members.slice(0, 2))
    const [clear, add] = ['node/10.66.0.13/etcd-data', 'node/10.66.0.13/etcd-member/add']
    const { actions } = planCluster(wasMember(input))
    expect(waits(actions, add, clear)).toBe(true)
    expect(planCluster(input).actions.map(({ id }) => id)).not.toContain(clear)
  })

  it('clears the data of a node that has lost the role, also where its containers are gone already', () => {
    const [first, second, third] = allRoles(quiet()).nodes
    if (first === undefined || second === undefined || third === undefined) throw new TypeError('no nodes')
    const worker = {
      ...third,
      node: { ...third.node, role: ['worker'] },
      containers: third.containers.filter(({ name }) => name === 'kubelet' || name === 'kube-proxy'),
    }
    const before = withMembers(wiped(allRoles(quiet()), 2), (members) => members.slice(0, 2))
    const input = { ...before, nodes: [first, second, worker] }
    const clear = 'node/10.66.0.13/etcd-data'
    const plan = (basis: PlanBasis): readonly string[] => planCluster(basis).actions.map(({ id }) => id)
    expect(plan(wasMember(input))).toContain(clear)
    expect(plan(input)).not.toContain(clear)
  })

  it('clears the data of a member whose containers are gone once it is forgotten', () => {
    const input = wasMember(wiped(allRoles(quiet()), 2))
    const { actions } = planCluster(input)
    const clear = 'node/10.66.0.13/etcd-data'
    expect(waits(actions, clear, 'node/10.66.0.13/etcd-member/remove')).toBe(true)
    expect(waits(actions, 'node/10.66.0.13/etcd-member/add', clear)).toBe(true)
  })

  it('brings back a member that is to go, if etcd does not answer without it, before any other changes', () => {
    const input = withOption(allRoles(quiet()), 'etcd')
    const [machine] = [...input.seen.machines.values()]
    if (machine === undefined) throw new TypeError('no machine')
    const basis = postponing(
      withState(withMachine(input, { ...machine, address: '10.66.0.14' }), '10.66.0.14', 'etcd', stopped),
    )
    const { actions } = planCluster(basis)
    expect(waits(actions, 'node/10.66.0.11/container/etcd', 'node/10.66.0.14/restart/etcd')).toBe(true)
  })

  it('makes a member that is to go again, if etcd does not answer without it and its container is gone', () => {
    const input = withOption(allRoles(quiet()), 'etcd')
    const [machine] = [...input.seen.machines.values()]
    const [node] = input.wanted.config.nodes
    if (machine === undefined || node === undefined) throw new TypeError('no machine')
    const containers = new Map([...machine.containers].filter(([name]) => name !== 'etcd'))
    const lost = withMachine(input, { ...machine, address: '10.66.0.14', containers, images: new Map() })
    const nodes = [...input.wanted.config.nodes, { ...node, address: '10.66.0.14' }]
    const basis = appliedTo(postponing(lost), { ...input.wanted.config, nodes })
    const { actions } = planCluster(basis)
    const made = 'node/10.66.0.14/container/etcd'
    expect(actions.find(({ id }) => id === made)?.kind).toBe('container.create')
    expect(waits(actions, made, `node/10.66.0.14/image/${input.wanted.config.systemImages.etcd}`)).toBe(true)
    expect(waits(actions, 'node/10.66.0.11/container/etcd', made)).toBe(true)
  })

  it('gives a member that joined its vote though etcd did not answer at first, once others are repaired', () => {
    const input = withState(seeing(allRoles(quiet()), { etcd: undefined }), '10.66.0.13', 'etcd', stopped)
    const seen = input.seen.machines.get('10.66.0.12')
    const etcd = seen?.containers.get('etcd')
    if (seen === undefined || etcd === undefined) throw new TypeError('no etcd on 10.66.0.12')
    const Cmd = [...(etcd.Config.Cmd ?? [])].map((argument) =>
      argument.replace(/^(--initial-cluster-state)=.*/, '$1=existing'),
    )
    const containers = new Map(seen.containers).set(
      'etcd',
      observedContainer({ ...etcd, Config: { ...etcd.Config, Cmd } }),
    )
    const { actions } = planCluster(withMachine(input, { ...seen, containers }))
    const promotes = actions.filter(({ kind }) => kind === 'etcd.member.promote')
    expect(promotes).toMatchObject([{ node: '10.66.0.12', through: ['10.66.0.11', '10.66.0.13'] }])
    expect(waits(actions, 'node/10.66.0.12/etcd-member/promote', 'node/10.66.0.13/health/etcd')).toBe(true)
    expect(planCluster(input).actions.some(({ kind }) => kind === 'etcd.member.promote')).toBe(false)
  })

  it('has something to do while a component is in a crash loop, though Docker says that it runs', () => {
    const restarting = { Running: true, Restarting: true }
    for (const address of NODES) {
      const { actions } = planCluster(withState(allRoles(quiet()), address, 'etcd', restarting))
      expect(actions.map(({ id, because }) => [id, because])).toEqual([
        [`node/${address}/health/etcd`, [{ kind: 'crash-loop' }]],
      ])
    }
  })
})
