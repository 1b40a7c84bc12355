import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Machine } from '../testbed/index.ts'
import { allRoles, clusterFile, type Fields, nodeOf } from './support/cluster-file.ts'
import { stepEvent } from './support/events.ts'
import { readyNodes, untilReady } from './support/kube.ts'
import { kubeletVersions } from './support/kube-nodes.ts'
import { at, useMachines } from './support/machines.ts'
import { lastLines } from './support/rke-process.ts'
import { type Containers, containersOf, plannedContainers, touched } from './support/touched-containers.ts'
import { Workspace } from './support/workspace.ts'

/** A change that is made in parts: what is not chosen stays as it is, until an `up` without a choice does the rest. */

const OLD = 'v1.30.4-rancher1-1'
const NEW = 'v1.31.1-rancher1-1'

const machines = useMachines(2, OLD, NEW)
const master = (): Machine => at(machines, 0)
const worker = (): Machine => at(machines, 1)

let workspace: Workspace
let before: Containers

beforeAll(async () => {
  workspace = await Workspace.create(fileOf({ maxPods: '110', nodes: [nodeOf(master(), allRoles)] }))
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
    await untilReady([master().address, worker().address], () => readyNodes(workspace.kube()))
  })

  it('has nothing to do then, while a plain plan still holds what was left out', async () => {
    const again = await workspace.succeed('up', '--update-only')
    expect(again.stdout).toContain('Planned 0 steps')
    expect(plannedContainers(await workspace.plan())).toEqual([`${master().address}/kubelet`])
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
    expect(refused.exitCode).toBe(1)
    expect(refused.stdout).toMatch(
      new RegExp(
        `level=fatal.*on ${worker().address} must wait for .* on ${master().address}, which is not among`,
      ),
    )
    expect(touched(before, await containersOf(machines))).toEqual([])
  })

  it('is refused for an address that no node has, with those to choose among', async () => {
    const refused = await workspace.rke(['up', '--nodes', '10.66.0.250'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stdout).toMatch(
      new RegExp(`level=fatal.*no node of cluster.yml has the address 10.66.0.250.*${master().address}`),
    )
  })
})

describe('up without a choice', () => {
  it('does the rest, and then there is nothing to do', async () => {
    await workspace.write('cluster.yml', fileOf({ maxPods: '90' }))
    before = await containersOf(machines)
    await workspace.succeed('up')
    expect(touched(before, await containersOf(machines))).toEqual([`${master().address}/kubelet`])
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('a kubelet that does not start with its new flags', () => {
  it('stops the change at its node, which is named, and the next node stays as it is', async () => {
    await workspace.write('cluster.yml', fileOf({ maxPods: 'many' }))
    before = await containersOf(machines)
    const result = await workspace.rke(['up'])
    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(
      new RegExp(`level=error.*kubelet.* on host \\[${master().address}\\]: failed: waited .* for kubelet`),
    )
    expect(result.stdout).toMatch(/invalid argument .*max-pods/)
    expect(touched(before, await containersOf(machines))).toEqual([`${master().address}/kubelet`])
  })

  it('stops the next up at the same node, before anything else is touched', async () => {
    const result = await workspace.rke(['up'])
    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(
      new RegExp(`level=error.*kubelet.* on host \\[${master().address}\\]: failed: waited .* for kubelet`),
    )
    expect(touched(before, await containersOf(machines))).toEqual([`${master().address}/kubelet`])
  })

  it('is mended by an up with flags that are right, and both nodes take pods', async () => {
    await workspace.write('cluster.yml', fileOf({ maxPods: '90' }))
    await workspace.succeed('up')
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    const nodes = [master().address, worker().address].sort()
    expect(await kubeletVersions(workspace.kube())).toEqual(nodes.map((address) => `${address} v1.30.4`))
    expect(await readyNodes(workspace.kube())).toEqual(nodes)
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

interface Wanted {
  readonly maxPods: string
  readonly version?: string
  readonly nodes?: readonly Fields[]
}

function fileOf({ maxPods, version = OLD, nodes = bothNodes() }: Wanted): string {
  return clusterFile(nodes, version, {
    services: {
      kubeproxy: { extra_args: { 'conntrack-max-per-core': '0' } },
      kubelet: { extra_args: { 'max-pods': maxPods } },
    },
  })
}

function bothNodes(): readonly Fields[] {
  return [nodeOf(master(), allRoles), nodeOf(worker(), ['worker'])]
}
