import { copyFile, rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Machine, machinesDown, machinesUp, powerOff } from '../testbed/index.ts'
import { waitUntil } from '../testbed/wait-until.ts'
import { askOnce, identityFrom } from './support/ask.ts'
import {
  allRoles,
  clusterFile,
  type Fields,
  nodeOf,
  ORIGINAL_KUBELET,
  type Services,
} from './support/cluster-file.ts'
import { etcdHealth, etcdMembers } from './support/etcd.ts'
import { stepEvent } from './support/events.ts'
import { firstTries } from './support/first-tries.ts'
import { readyNodes, untilReady } from './support/kube.ts'
import { kubeletVersions } from './support/kube-nodes.ts'
import { shell } from './support/machine-shell.ts'
import { type MachineState, machineChanges, machineState } from './support/machine-state.ts'
import { at, fileSet, useMachines } from './support/machines.ts'
import { lastLines, type RkeEvent, type RkeResult } from './support/rke-process.ts'
import { type Containers, containersOf, plannedContainers, touched } from './support/touched-containers.ts'
import { watchApi } from './support/watch-api.ts'
import { WebClients } from './support/web-clients.ts'
import { webPods } from './support/web-service.ts'
import { Workspace } from './support/workspace.ts'

/**
 * One cluster, changed again and again while a client asks two replicas of a Service all the time. Each change is
 * planned, begun by a run that is killed, and ended by the next run.
 */

const OLD = 'v1.30.4-rancher1-1'
const NEW = 'v1.31.1-rancher1-1'
const SPARE = fileSet('e2e-spare')

const machines = useMachines(4, OLD, NEW)
let spare: Machine | undefined
/** `a` stays to the end, `c` dies and is replaced by `d`; `w` is a worker for a while. */
const a = (): Machine => at(machines, 0)
const b = (): Machine => at(machines, 1)
const c = (): Machine => at(machines, 2)
const d = (): Machine => at(spare === undefined ? [] : [spare], 0)
const w = (): Machine => at(machines, 3)

let workspace: Workspace
let clients: WebClients
const empty = new Map<Machine, MachineState>()

beforeAll(async () => {
  empty.set(w(), await machineState(w()))
  workspace = await Workspace.create(fileOf({ controlPlanes: [a()], workers: [b()], options: {} }))
  await workspace.succeed('up')
  clients = await WebClients.start(workspace, a())
})

afterAll(async () => {
  await clients?.stop()
  await workspace?.[Symbol.asyncDispose]()
  await machinesDown(SPARE)
})

describe('options of kubelets and API server that are changed', () => {
  it('change the containers that the plan names and no other, and no pod', async () => {
    const pods = await webPods(workspace.kube())
    const { planned, changed } = await changeTo(
      { controlPlanes: [a()], workers: [b()], options: OPTIONS },
      stepEvent('done', 'container.replace', 'kubelet'),
    )
    expect(planned).toEqual([
      `${a().address}/kube-apiserver`,
      `${a().address}/kubelet`,
      `${b().address}/kubelet`,
    ])
    expect(changed).toEqual(planned)
    expect(await webPods(workspace.kube())).toEqual(pods)
  })

  it('lose no request', expectNoLoss)
})

describe('kubelets that are changed with drain, soon after their API server was restarted', () => {
  it('are replaced as the plan says', async () => {
    // The more often, the longer its clients wait until they try again.
    for (let times = 0; times < 2; times++) {
      await shell(a(), 'docker restart kube-apiserver')
      await waitUntil('the API server to answer', () => answers(a()), 60_000)
    }
    const { planned, changed } = await changeTo(
      { controlPlanes: [a()], workers: [b()], drain: true },
      stepEvent('done', 'container.replace', 'kubelet'),
    )
    expect(planned).toEqual([`${a().address}/kubelet`, `${b().address}/kubelet`])
    expect(changed).toEqual(planned)
  })

  it('lose no request, as no pod is evicted before kube-proxy hears of it', expectNoLoss)
})

describe('one control plane and etcd node that becomes three, one of them a worker before', () => {
  let other: Workspace
  let second: RkeResult | undefined

  beforeAll(async () => {
    other = await Workspace.create('')
  })
  afterAll(() => other?.[Symbol.asyncDispose]())

  it('changes what the plan says and no pod, though a run is killed when a member never ran', async () => {
    const pods = await webPods(workspace.kube())
    const { planned, changed } = await changeTo(
      { controlPlanes: [a(), b(), c()], workers: [w()], keepsKubelets: true },
      stepEvent('done', 'etcd.member.add'),
      async () => {
        for (const name of ['cluster.yml', 'cluster.rkestate']) {
          await copyFile(workspace.path(name), other.path(name))
        }
        second = await other.rke(['up'])
      },
    )
    expect(changed).toEqual(planned)
    expect(await webPods(workspace.kube())).toEqual(pods)
  })

  it('has three members with votes and four nodes that are Ready', async () => {
    await expectMembers(a(), b(), c())
    await expectReady(addresses(a(), b(), c(), w()))
  })

  it('is left alone by another operator meanwhile, who reads who is at work', () => {
    expect(second?.exitCode, second && lastLines(second)).toBe(17)
    expect(second?.stdout).toMatch(/this cluster is being changed by \S+@\S+:\S+cluster\.yml, since /)
  })

  it('loses no request', expectNoLoss)
})

describe('a machine of three with etcd that is dead', () => {
  let members: readonly string[]
  let before: Containers

  beforeAll(async () => {
    members = await etcdMembers(a())
    await powerOff(c())
    before = await containersOf([a(), b(), w()])
  })

  it('stops a plain up with the reason, and nothing is changed', async () => {
    const result = await workspace.rke(['up'])
    expect(result.exitCode).toBe(11)
    expect(result.stdout).toMatch(
      new RegExp(`level=fatal.*${c().address}: connect by SSH: (there is no route|no answer)`),
    )
    expect(touched(before, await containersOf([a(), b(), w()]))).toEqual([])
    expect(await etcdMembers(a())).toEqual(members)
  })

  it('lets the rest be repaired by up --skip-unreachable, which says at its end what it left out', async () => {
    await shell(b(), 'docker rm -f kube-scheduler')
    const result = await workspace.rke(['up', '--skip-unreachable'])
    expect(result.exitCode).toBe(11)
    expect(result.stdout).toMatch(new RegExp(`level=fatal.*Provisioning incomplete.*${c().address}`))
    expect(touched(before, await containersOf([a(), b(), w()]))).toEqual([`${b().address}/kube-scheduler`])
  })

  it('is replaced by a fresh one without SSH, and the report says what may still lie on it', async () => {
    spare = at(await machinesUp({ count: 1, name: SPARE }), 0)
    await shell(d(), 'mkdir -p /lib/modules')
    empty.set(d(), await machineState(d()))
    const { planned, changed, result } = await changeTo(
      { controlPlanes: [a(), b(), d()], workers: [w()], keepsKubelets: true },
      stepEvent('done', 'etcd.member.remove'),
    )
    expect(changed).toEqual(planned)
    expect(result.stdout).toMatch(
      new RegExp(`level=warning.*${c().address}.* leaves the cluster and cannot be reached.*/etc/kubernetes`),
    )
    await expectMembers(a(), b(), d())
    await expectReady(addresses(a(), b(), d(), w()))
  })

  it('costs no request, as no replica ran there', expectNoLoss)
})

describe('a control plane node without etcd that comes and goes', () => {
  const controlPlane = (): readonly Machine[] => [a(), b(), d()]

  it.each([
    { what: 'a worker takes that role', role: ['controlplane', 'worker'] as const },
    { what: 'it is only a worker again', role: ['worker'] as const },
  ])(
    'leaves the API servers at work, and kubelets are reached at the first try, when $what',
    async ({ role }) => {
      const nodes = [...controlPlane().map((machine) => nodeOf(machine, allRoles)), nodeOf(w(), role)]
      await workspace.write('cluster.yml', fileOf({ controlPlanes: [], workers: [], nodes }))
      const before = await containersOf(controlPlane())
      const watched = controlPlane().map((machine) => watchApi(workspace, [machine]))
      const { actions } = await workspace.plan()
      await workspace.succeed('up')
      expect(await firstTries(workspace, apiServers(nodes))).toEqual([])
      for (const api of watched) expect((await api.stop()).failures).toEqual([])
      expect(touched(before, await containersOf(controlPlane()))).toEqual([])
      expect(actions.map(({ id }) => id)).toContain(`node/${a().address}/kubelets-reconnect`)
      expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    },
  )

  it('loses no request', expectNoLoss)
})

describe('an upgrade to the next minor version that drains each node', () => {
  it('replaces what the plan says, and there is an API all the time', async () => {
    const api = watchApi(workspace, [a(), b(), d()])
    const { planned, changed } = await changeTo(
      { controlPlanes: [a(), b(), d()], workers: [w()], version: NEW, drain: true },
      stepEvent('done', 'container.replace', `${b().address}/container/kubelet`),
    )
    const { made, failures } = await api.stop()
    expect(changed).toEqual(planned)
    expect(made).toBeGreaterThan(50)
    expect(failures).toEqual([])
  })

  it('leaves every node with the new version, Ready and open for pods', async () => {
    expect(await kubeletVersions(workspace.kube())).toEqual(
      addresses(a(), b(), d(), w()).map((address) => `${address} v1.31.1`),
    )
    await expectReady(addresses(a(), b(), d(), w()))
  })

  it('loses no request, as a disruption budget keeps one of two replicas', expectNoLoss)
})

describe('a cluster that shrinks to one control plane and etcd node, while another becomes a worker', () => {
  it('changes what the plan says', async () => {
    const { planned, changed } = await changeTo(
      { controlPlanes: [a()], workers: [b()], version: NEW, keepsKubelets: true },
      stepEvent('done', 'etcd.member.remove'),
    )
    expect(changed).toEqual(planned)
    await expectMembers(a())
    await expectReady(addresses(a(), b()))
  })

  it('leaves the machines that left as they were before they came', async () => {
    for (const machine of [d(), w()]) {
      expect(machineChanges(empty.get(machine) ?? {}, await machineState(machine))).toEqual([])
    }
  })

  it('loses no request, as nodes that leave are drained', expectNoLoss)
})

describe('a state file that is lost', () => {
  it('is not replaced by up, but got back from the cluster, and nothing is left to do', async () => {
    const state = workspace.path('cluster.rkestate')
    await rename(state, `${state}.away`)
    const refused = await workspace.rke(['up'])
    expect(refused.exitCode).toBe(16)
    expect(refused.stdout).toMatch(/level=fatal.*no state file/)
    expect(await workspace.state()).toBeUndefined()
    await workspace.succeed('util', 'get-state-file')
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

/** Machines that carry an API server. */
function apiServers(nodes: readonly Fields[]): readonly Machine[] {
  const alive = [...machines, ...(spare === undefined ? [] : [spare])]
  return alive.filter(({ address }) =>
    nodes.some((node) => node.address === address && String(node.role).includes('controlplane')),
  )
}

interface Wanted {
  /** Nodes with all roles. */
  readonly controlPlanes: readonly Machine[]
  readonly workers: readonly Machine[]
  /** Other nodes. */
  readonly nodes?: readonly Fields[]
  readonly version?: string
  /** Of kubelets and API servers; changed at the beginning. */
  readonly options?: Services
  readonly drain?: boolean
  /** No kubelet with a replica is replaced, so that each answers at the first try right after the run. */
  readonly keepsKubelets?: boolean
}

const OPTIONS: Services = {
  kubelet: { extra_args: { 'max-pods': '100' } },
  'kube-api': { extra_args: { 'event-ttl': '30m' } },
}
const LATER_OPTIONS: Services = { ...OPTIONS, kubelet: { extra_args: { 'max-pods': '101' } } }

function fileOf({
  controlPlanes,
  workers,
  nodes: others = [],
  version = OLD,
  options = LATER_OPTIONS,
  drain,
}: Wanted): string {
  const nodes = [
    ...controlPlanes.map((machine) => nodeOf(machine, allRoles)),
    ...workers.map((machine) => nodeOf(machine, ['worker'])),
    ...others,
  ]
  return clusterFile(nodes, version, {
    services: { ...options, kubelet: { ...ORIGINAL_KUBELET, ...options.kubelet } },
    ...(drain !== undefined && { upgrade_strategy: { drain } }),
  })
}

/**
 * Makes the cluster what is wanted: a first run is killed at a moment; a second one, during which `meanwhile` is done,
 * must succeed and leave nothing to do. Containers that the plan named before, and those that came or went.
 */
async function changeTo(
  wanted: Wanted,
  killAt: (event: RkeEvent) => boolean,
  meanwhile?: () => Promise<unknown>,
) {
  await workspace.write('cluster.yml', fileOf(wanted))
  const alive = [...machines, ...(spare === undefined ? [] : [spare])].filter(
    (machine) => spare === undefined || machine !== c(),
  )
  const before = await containersOf(alive)
  const plan = await workspace.plan()
  const killed = await workspace.rke(['up', '--output', 'json'], { killAt })
  expect(killed.triggered, lastLines(killed)).toBe(true)
  const result = await (meanwhile === undefined
    ? workspace.rke(['up'])
    : workspace.rke(['up', '--output', 'json'], {
        meanwhile: { at: ({ type }) => type === 'planned', run: meanwhile },
      }))
  expect(result.exitCode, lastLines(result)).toBe(0)
  if (wanted.keepsKubelets) expect(await firstTries(workspace, wanted.controlPlanes)).toEqual([])
  expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  const changed = touched(before, await containersOf(alive))
  return { planned: plannedContainers(plan), changed, result }
}

function expectNoLoss(): void {
  clients.expectNoLoss()
}

/** Whether the administrator may ask it again: not at once, as it first has to read who may do what. */
async function answers(machine: Machine): Promise<boolean> {
  const identity = identityFrom(workspace.path('kube_config_cluster.yml'))
  return askOnce(`https://${machine.address}:6443/api/v1/namespaces/default`, identity).then(
    () => true,
    () => false,
  )
}

async function expectMembers(...of: readonly Machine[]): Promise<void> {
  const names = (await etcdMembers(a())).map((line) => line.split(' ')[0])
  expect(names).toEqual(addresses(...of).map((address) => `etcd-${address}`))
  const health = await etcdHealth(a())
  expect(health).toEqual(of.map(() => true))
  expect(await shell(a(), 'docker exec etcd etcdctl member list')).not.toMatch(/, true$/m)
}

/** Soon: a controller manager that was cut off from its API server for long may have called nodes unready meanwhile. */
async function expectReady(names: readonly string[]): Promise<void> {
  await untilReady(names, () => readyNodes(workspace.kube()))
}

function addresses(...of: readonly Machine[]): readonly string[] {
  return of.map(({ address }) => address).sort()
}
