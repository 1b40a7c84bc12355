import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Machine, reinstall } from '../testbed/index.ts'
import { allRoles, clusterFile, nodeOf, WITHOUT_METRICS } from './support/cluster-file.ts'
import { etcdHealth, etcdMembers } from './support/etcd.ts'
import { stepEvent } from './support/events.ts'
import { readyNodes, untilReady } from './support/kube.ts'
import { shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { lastLines } from './support/rke-process.ts'
import { containersOf, touched } from './support/touched-containers.ts'
import { watchApi } from './support/watch-api.ts'
import { Workspace } from './support/workspace.ts'

/** One cluster with three nodes of all roles loses a machine, its state and its certificates, and gets them back. */

const VERSION = 'v1.31.1-rancher1-1'
const STATE = { name: 'full-cluster-state', namespace: 'kube-system' }
const KEPT = { name: 'kept', namespace: 'default' }

const machines = useMachines(3, VERSION)
const a = (): Machine => at(machines, 0)
const b = (): Machine => at(machines, 1)
const c = (): Machine => at(machines, 2)

let workspace: Workspace
let authority: string | undefined

beforeAll(async () => {
  const nodes = machines.map((machine) => nodeOf(machine, allRoles))
  workspace = await Workspace.create(clusterFile(nodes, VERSION, WITHOUT_METRICS))
  await workspace.succeed('up')
  authority = await workspace.authority()
  const { core } = workspace.kube()
  await core.createNamespacedConfigMap({
    namespace: KEPT.namespace,
    body: { metadata: { name: KEPT.name }, data: { since: 'the beginning' } },
  })
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

describe('a machine that is installed anew, with the address it had', () => {
  it('joins as a new member, though the run is killed when the old one is out; the others go on', async () => {
    const members = await etcdMembers(a())
    await reinstall(c())
    await shell(c(), 'mkdir -p /lib/modules')
    const before = await containersOf([a(), b()])
    const api = watchApi(workspace, [a(), b()])
    const killed = await workspace.rke(['up', '--output', 'json'], {
      killAt: stepEvent('done', 'etcd.member.remove', c().address),
    })
    expect(killed.triggered, lastLines(killed)).toBe(true)
    await workspace.succeed('up')
    const { made, failures } = await api.stop()
    expect(made).toBeGreaterThan(20)
    expect(failures).toEqual([])
    expect(touched(before, await containersOf([a(), b()]))).toEqual([])
    await expectWhole()
    const now = await etcdMembers(a())
    expect(now.filter((member) => members.includes(member))).toHaveLength(2)
  })
})

describe('a copy of the state in a ConfigMap, where old releases kept it', () => {
  it('is found when the state file is lost, and moved to the Secret by the next up', async () => {
    const { core } = workspace.kube()
    const secret = await core.readNamespacedSecret(STATE)
    const text = Buffer.from(secret.data?.[STATE.name] ?? '', 'base64').toString()
    await core.createNamespacedConfigMap({
      namespace: STATE.namespace,
      body: { metadata: { name: STATE.name }, data: { [STATE.name]: text } },
    })
    await core.deleteNamespacedSecret(STATE)
    await loseState()
    const { stdout } = await workspace.succeed('util', 'get-state-file')
    expect(stdout).toContain('from the ConfigMap kube-system/full-cluster-state')
    expect((await workspace.plan()).actions.map(({ id }) => id)).toEqual(['cluster/state-copy'])
    await workspace.succeed('up')
    expect((await core.readNamespacedSecret(STATE)).data?.[STATE.name]).toBeDefined()
    await expect(core.readNamespacedConfigMap(STATE)).rejects.toThrow()
    await expectWhole()
  })
})

describe('a state file that is lost while no API server runs', () => {
  it('is made of the certificates on the nodes, and up brings the API back with the same CA', async () => {
    await loseState()
    await onAll('docker stop -t 1 kube-apiserver')
    const refused = await workspace.rke(['up'])
    expect(refused.exitCode).toBe(16)
    expect(refused.stdout).toMatch(/level=fatal.*no state file.*rke util get-state-file/)
    const { stdout } = await workspace.succeed('util', 'get-state-file')
    expect(stdout).toMatch(/level=warning.*What was applied last is not known/)
    expect(stdout).toMatch(/Successfully retrieved the state file .* from the certificates on nodes/)
    await workspace.succeed('up')
    await expectWhole()
  })
})

describe('a state file and all certificates that are lost, with a backup of these on an etcd node', () => {
  it('are made of the backup, and up brings the cluster back with the same CA', async () => {
    await shell(
      b(),
      'mkdir -p /opt/rke/etcd-snapshots && tar -C / -czf /opt/rke/etcd-snapshots/pki.bundle.tar.gz etc/kubernetes/ssl',
    )
    await loseState()
    await onAll('docker stop -t 1 kube-apiserver && rm -rf /etc/kubernetes/ssl')
    const { stdout } = await workspace.succeed('util', 'get-state-file')
    expect(stdout).toMatch(/Successfully retrieved the state file .* from the backup of certificates/)
    await workspace.succeed('up')
    await expectWhole()
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

/** Nothing is left to do, all nodes and members are well, authority and data are those of the beginning. */
async function expectWhole(): Promise<void> {
  expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  // A controller manager that was cut off from its API server for long may have called nodes unready meanwhile.
  await untilReady(
    machines.map(({ address }) => address),
    () => readyNodes(workspace.kube()),
  )
  expect(await etcdHealth(a())).toEqual([true, true, true])
  expect(await workspace.authority()).toBe(authority)
  const { data } = await workspace.kube().core.readNamespacedConfigMap(KEPT)
  expect(data).toEqual({ since: 'the beginning' })
}

async function loseState(): Promise<void> {
  await rename(workspace.path('cluster.rkestate'), workspace.path('cluster.rkestate.away'))
}

async function onAll(command: string): Promise<void> {
  await Promise.all(machines.map((machine) => shell(machine, command)))
}
