import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Machine } from '../testbed/index.ts'
import { waitUntil } from '../testbed/wait-until.ts'
import {
  allRoles,
  clusterFile,
  type Fields,
  nodeOf,
  type Services,
  WITHOUT_METRICS,
} from './support/cluster-file.ts'
import { etcdHealth } from './support/etcd.ts'
import { stepEvent } from './support/events.ts'
import { readyNodes, untilReady } from './support/kube.ts'
import { kubeletVersions, nodeFacts } from './support/kube-nodes.ts'
import { linesOf } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { serve } from './support/pods.ts'
import { lastLines } from './support/rke-process.ts'
import { type Containers, containersOf, plannedContainers, touched } from './support/touched-containers.ts'
import { Workspace } from './support/workspace.ts'

/** A change that is made in parts: what is not chosen stays as it is, until an `up` without a choice does the rest. */

const OLD = 'v1.30.4-rancher1-1'
const NEW = 'v1.31.1-rancher1-1'

const machines = useMachines(2, OLD, NEW)
const controlPlane = (): Machine => at(machines, 0)
const worker = (): Machine => at(machines, 1)

let workspace: Workspace
let before: Containers

beforeAll(async () => {
  workspace = await Workspace.create(fileOf({ maxPods: '110', nodes: [nodeOf(controlPlane(), allRoles)] }))
  await workspace.succeed('up')
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

describe('up --update-only', () => {
  it('adds the new worker, though killed and run again, and touches nothing on the node that was there', async () => {
    await workspace.write('cluster.yml', fileOf({ maxPods: '100' }))
    before = await containersOf(machines)
    const arguments_ = ['up', '--update-only', '--output', 'json']
    const killed = await workspace.rke(arguments_, {
      killAt: stepEvent('done', 'container.create', '/kubelet'),
    })
    expect(killed.triggered, lastLines(killed)).toBe(true)
    await workspace.succeed('up', '--update-only')
    const changed = touched(before, await containersOf(machines))
    expect(changed).toEqual(
      ['kube-proxy', 'kubelet', 'nginx-proxy', 'service-sidekick'].map(
        (name) => `${worker().address}/${name}`,
      ),
    )
    // Its kubelet was started by the run that was killed, so that this one did not wait for it.
    await untilReady([controlPlane().address, worker().address], () => readyNodes(workspace.kube()))
  })

  it('has nothing to do then, while a plain plan still holds what was left out', async () => {
    const again = await workspace.succeed('up', '--update-only')
    expect(again.stdout).toContain('Planned 0 steps')
    expect(plannedContainers(await workspace.plan())).toEqual([`${controlPlane().address}/kubelet`])
  })
})

describe('up --nodes', () => {
  it('changes the node that is named, and no other', async () => {
    await workspace.write('cluster.yml', fileOf({ maxPods: '90' }))
    before = await containersOf(machines)
    await workspace.succeed('up', '--nodes', worker().address)
    expect(touched(before, await containersOf(machines))).toEqual([`${worker().address}/kubelet`])
  })

  it('is refused, and nothing is changed, where a node would be upgraded before those it must wait for', async () => {
    await workspace.write('cluster.yml', fileOf({ maxPods: '90', version: NEW }))
    before = await containersOf(machines)
    const refused = await workspace.rke(['up', '--nodes', worker().address])
    expect(refused.exitCode).toBe(15)
    expect(refused.stdout).toMatch(
      new RegExp(
        `level=fatal.*${worker().address}.* must wait for .* on ${controlPlane().address}, which is not among`,
      ),
    )
    expect(touched(before, await containersOf(machines))).toEqual([])
  })

  it('is refused for an address that no node has, with those to choose among', async () => {
    const refused = await workspace.rke(['up', '--nodes', '10.66.0.250'])
    expect(refused.exitCode).toBe(10)
    expect(refused.stdout).toMatch(
      new RegExp(
        `level=fatal.*no node of cluster.yml has the address 10.66.0.250.*${controlPlane().address}`,
      ),
    )
  })
})

describe('up without a choice', () => {
  it('does the rest, and then there is nothing to do', async () => {
    await workspace.write('cluster.yml', fileOf({ maxPods: '90' }))
    before = await containersOf(machines)
    await workspace.succeed('up')
    expect(touched(before, await containersOf(machines))).toEqual([`${controlPlane().address}/kubelet`])
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('a user for etcd', () => {
  it('is who runs it from its next replacement on, and its files are that user’s before', async () => {
    await workspace.write('cluster.yml', fileOf({ maxPods: '90', services: etcdOf(52034) }))
    const { actions } = await workspace.plan()
    expect(actions.find(({ id }) => id === `node/${controlPlane().address}/files-access`)?.because).toEqual([
      'mode 0600 → 0644: kube-ca.pem',
      expect.stringMatching(/^owner 0:0 → 52034:52034: kube-etcd-\S+-key.pem, kube-etcd-\S+.pem$/),
    ])
    await workspace.succeed('up')
    await expectEtcdOf(52034, controlPlane())
  })

  it('reads its files on a worker that becomes an etcd node, too', async () => {
    await workspace.write('cluster.yml', fileOf(twoMembers(52034)))
    await workspace.succeed('up')
    await expectEtcdOf(52034, controlPlane(), worker())
  })

  it('is followed by another one on one member after the other, which all answer', async () => {
    await workspace.write('cluster.yml', fileOf(twoMembers(52035)))
    await workspace.succeed('up')
    await expectEtcdOf(52035, controlPlane(), worker())
  })
})

// Before a node is drained: the API server was just restarted, and a drain waits for those who watch it.
describe('a kubelet that does not start with its new flags', () => {
  it('stops the change at its node, which is named, and the next node stays as it is, however often up is run', async () => {
    await workspace.write('cluster.yml', fileOf({ ...twoMembers(52035), maxPods: 'many' }))
    before = await containersOf(machines)
    const killed = await workspace.rke(['up', '--output', 'json'], {
      killAt: stepEvent('done', 'container.replace', '/kubelet'),
    })
    expect(killed.triggered, lastLines(killed)).toBe(true)
    const result = await workspace.rke(['up'])
    expect(result.exitCode).toBe(12)
    expect(result.stdout).toMatch(
      new RegExp(
        `level=error.*kubelet.* on host \\[${controlPlane().address}\\]: failed: waited .* for kubelet`,
      ),
    )
    expect(result.stdout).toMatch(/invalid argument .*max-pods/)
    expect(touched(before, await containersOf(machines))).toEqual([`${controlPlane().address}/kubelet`])
  })

  it('is repaired by an up with flags that are right, and both nodes take pods', async () => {
    await workspace.write('cluster.yml', fileOf(twoMembers(52035)))
    await workspace.succeed('up')
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    const nodes = [controlPlane().address, worker().address].sort()
    expect(await kubeletVersions(workspace.kube())).toEqual(nodes.map((address) => `${address} v1.30.4`))
    expect(await readyNodes(workspace.kube())).toEqual(nodes)
  })
})

describe('a node that loses the worker role', () => {
  it('gets the taint of the role that it keeps, which the plan names, and its pods go', async () => {
    const nodes = [nodeOf(controlPlane(), allRoles), nodeOf(worker(), ['etcd'])]
    await workspace.write('cluster.yml', fileOf({ ...twoMembers(52035), nodes }))
    await serve(workspace.kube(), 'ordinary', { node: worker().address })
    const taint = 'node-role.kubernetes.io/etcd=true:NoExecute'
    const plan = await workspace.plan()
    const labels = plan.actions.find(({ id }) => id === `node/${worker().address}/labels`)
    expect(labels?.because).toContain(`taint ${taint} added`)
    await workspace.succeed('up')
    const facts = (await nodeFacts(workspace.kube())).find(({ name }) => name === worker().address)
    expect(facts?.taints).toEqual([taint])
    const pods = async () => (await workspace.kube().core.listNamespacedPod({ namespace: 'default' })).items
    await waitUntil('the pod to go', async () => (await pods()).length === 0, 60_000)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

/** etcd runs as that user on these machines, with its files, every member is healthy, and nothing is left to do. */
async function expectEtcdOf(uid: number, ...of: readonly Machine[]): Promise<void> {
  for (const machine of of) {
    const files = '/etc/kubernetes/ssl/kube-etcd-* /etc/kubernetes/ssl/kube-ca.pem /var/lib/etcd'
    const access = await linesOf(machine, `stat -c '%u %a' ${files} | sort -u`)
    expect(access).toEqual(['0 644', `${uid} 600`, `${uid} 700`])
    expect(await linesOf(machine, 'ps -o uid= -C etcd')).toEqual([
      expect.stringMatching(new RegExp(`^ *${uid}$`)),
    ])
  }
  expect(await etcdHealth(controlPlane())).toEqual(of.map(() => true))
  expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
}

interface Wanted {
  readonly maxPods: string
  readonly version?: string
  readonly nodes?: readonly Fields[]
  readonly services?: Services
}

function fileOf({ maxPods, version = OLD, nodes = bothNodes(), services = {} }: Wanted): string {
  return clusterFile(nodes, version, {
    ...WITHOUT_METRICS,
    services: {
      kubelet: { extra_args: { 'max-pods': maxPods } },
      ...services,
    },
  })
}

/** The worker is an etcd node, too, and etcd runs as this user. */
function twoMembers(uid: number): Wanted {
  const nodes = [nodeOf(controlPlane(), allRoles), nodeOf(worker(), ['etcd', 'worker'])]
  return { maxPods: '90', nodes, services: etcdOf(uid) }
}

const etcdOf = (uid: number): Services => ({
  etcd: { uid, gid: uid, extra_args: { 'election-timeout': '6000' } },
})

function bothNodes(): readonly Fields[] {
  return [nodeOf(controlPlane(), allRoles), nodeOf(worker(), ['worker'])]
}
