import { readFile, rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtInMetadata } from '../../src/catalog/built-in-metadata.ts'
import { type PrivateRegistry, privateRegistry } from '../testbed/index.ts'
import { allRoles, clusterFile, type Fields, nodeOf } from './support/cluster-file.ts'
import { dockerEvents, machineTime } from './support/docker-events.ts'
import { readyNodes } from './support/kube.ts'
import { nodeFacts } from './support/kube-nodes.ts'
import { linesOf, shell } from './support/machine-shell.ts'
import { type MachineState, machineChanges, machineState } from './support/machine-state.ts'
import { at, useEmptyMachines } from './support/machines.ts'
import { onNearlyFullDisk } from './support/nearly-full-disk.ts'
import { lastLines, type RkeResult } from './support/rke-process.ts'
import { Workspace } from './support/workspace.ts'

const VERSION = 'v1.31.1-rancher1-1'
const NOBODY = '10.66.0.253'
const WRONG_PASSWORD = 'this-is-not-the-password'

const machines = useEmptyMachines(1, VERSION)
let workspace: Workspace
let registry: PrivateRegistry
let empty: MachineState

beforeAll(async () => {
  registry = await privateRegistry()
  workspace = await Workspace.create(fileWith(registry.password))
  empty = await machineState(at(machines, 0))
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

describe('before there is a cluster', () => {
  it('a node that cannot be reached: up names it and the cause, and changes nothing on the others', async () => {
    const more = { address: NOBODY, user: 'rke', role: ['worker'], ssh_key_path: at(machines, 0).keyPath }
    await workspace.write('cluster.yml', clusterFile([nodeOf(at(machines, 0), allRoles), more], VERSION))
    const result = await workspace.rke(['up'])
    expectError(result, 11, NOBODY, /there is no route to it|no answer from port 22/)
    expect(machineChanges(empty, await machineState(at(machines, 0)))).toEqual([])
  })

  it('a Docker older than the version of Kubernetes takes: up names host and versions, and changes nothing', async () => {
    const { address } = at(machines, 0)
    const newerOnly = { ...builtInMetadata, K8sVersionDockerInfo: { '1.31': ['27.0.x', '28.0.x'] } }
    await workspace.write('metadata.json', JSON.stringify(newerOnly))
    await workspace.write('cluster.yml', fileWith(registry.password))
    const under = ['env', `RANCHER_METADATA_URL=${workspace.path('metadata.json')}`]
    const result = await workspace.rke(['up'], { under })
    expectError(result, 11, address, /Docker version found \[\d+\.\d+\.\d+[^\]]*\].*27\.0\.x, 28\.0\.x/)
    expect(machineChanges(empty, await machineState(at(machines, 0)))).toEqual([])
  })

  it('a wrong registry password: up names image, registry and reason', async () => {
    await workspace.write('cluster.yml', fileWith(WRONG_PASSWORD))
    const result = await workspace.rke(['up'])
    expectError(result, 12, at(machines, 0).address, /unauthorized|authentication|basic auth credentials/i)
    expect(result.stdout).toMatch(new RegExp(`${registry.host}/rancher/\\S+:v`))
  })

  it('a port that another program uses: up names host and port, starts nothing and leaves no key', async () => {
    const machine = at(machines, 0)
    await workspace.write('cluster.yml', fileWith(registry.password))
    await shell(machine, 'setsid socat TCP-LISTEN:6443,fork,reuseaddr PIPE >/dev/null 2>&1 </dev/null &')
    const occupied = await machineState(machine)
    const result = await workspace.rke(['up'])
    expectError(result, 1, machine.address, /6443/)
    const changes = machineChanges(occupied, await machineState(machine))
    await shell(machine, 'pkill -x socat')
    expect(changes).toEqual([])
  })
})

describe('a cluster whose images come from a registry with a password', () => {
  beforeAll(async () => {
    await workspace.write('cluster.yml', fileWith(registry.password))
    await workspace.succeed('up')
  })

  it('is ready, and all its images are from there', async () => {
    expect(await readyNodes(workspace.kube())).toEqual([at(machines, 0).address])
    const { items } = await workspace.kube().core.listNamespacedPod({ namespace: 'kube-system' })
    const images = [
      ...(await linesOf(at(machines, 0), "docker ps -a --format '{{.Image}}'")),
      ...items.flatMap(({ spec }) => spec?.containers.map(({ image }) => image) ?? []),
    ]
    expect(images.length).toBeGreaterThan(8)
    expect(images.filter((image) => image?.startsWith(`${registry.host}/rancher/`) !== true)).toEqual([])
  })

  it('needs nothing more', async () => {
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('a disk that is full where the state is', () => {
  it('stops up before it changes anything, and keeps the state that was there', async () => {
    const machine = at(machines, 0)
    const state = await readFile(workspace.path('cluster.rkestate'))
    const nodes = await nodeFacts(workspace.kube())
    const since = await machineTime(machine)
    await workspace.write('cluster.yml', fileWith(registry.password, { labels: { tier: 'new' } }))
    const result = await workspace.rke(['up'], { under: onNearlyFullDisk })
    expectError(result, 16, 'cluster.rkestate', /no space left|disk/i)
    expect(await readFile(workspace.path('after/cluster.rkestate'))).toEqual(state)
    expect(await nodeFacts(workspace.kube())).toEqual(nodes)
    expect(await dockerEvents(machine, since)).toEqual([])
  })

  it('is no trouble any more once there is room', async () => {
    await workspace.succeed('up')
    const [node] = await nodeFacts(workspace.kube())
    expect(node?.labels).toMatchObject({ tier: 'new' })
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('a state file that is not there', () => {
  it('makes up refuse the live cluster and say how to go on, and nothing is changed', async () => {
    const machine = at(machines, 0)
    const state = workspace.path('cluster.rkestate')
    await rename(state, `${state}.away`)
    const since = await machineTime(machine)
    const result = await workspace.rke(['up'])
    expectError(result, 16, machine.address, /no state file.*rke util get-state-file/)
    expect(await dockerEvents(machine, since)).toEqual([])
    expect(await workspace.state()).toBeUndefined()
    await rename(`${state}.away`, state)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('two runs at the same time', () => {
  it('are one too many: the second says who holds the lock, and the first goes on', async () => {
    await shell(at(machines, 0), 'docker rm -f kube-scheduler')
    let second: RkeResult | undefined
    const first = await workspace.rke(['up', '--output', 'json'], {
      meanwhile: {
        at: ({ type }) => type === 'notice',
        standingStill: true,
        run: async () => {
          second = await workspace.rke(['up'])
        },
      },
    })
    expect(first.exitCode, lastLines(first)).toBe(0)
    expect(second?.exitCode, second && lastLines(second)).toBe(17)
    expect(second?.stdout).toMatch(/level=fatal .*rke up/)
  })
})

it('prints no secret and no password in any of these runs', () => {
  expect(workspace.printedSecrets(registry.password, WRONG_PASSWORD)).toEqual([])
})

function fileWith(password: string, node: Fields = {}): string {
  const { host, user } = registry
  return clusterFile([nodeOf(at(machines, 0), allRoles, node)], VERSION, {
    private_registries: [{ url: host, user, password, is_default: true }],
  })
}

/** One line of the log says it all: where, and why. */
function expectError(result: RkeResult, exitCode: number, place: string, cause: RegExp): void {
  expect(result.exitCode).toBe(exitCode)
  const lines = result.stdout.split('\n').filter((line) => /level=(error|fatal)/.test(line))
  const fatal = lines.find((line) => line.includes(place) && cause.test(line)) ?? lines.join('\n')
  expect(fatal).toContain(place)
  expect(fatal).toMatch(cause)
}
