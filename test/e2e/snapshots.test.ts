import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Machine } from '../testbed/index.ts'
import { waitUntil } from '../testbed/wait-until.ts'
import { allRoles, clusterFile, type Fields, nodeOf, WITHOUT_METRICS } from './support/cluster-file.ts'
import { etcdHealth } from './support/etcd.ts'
import { linesOf, shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { save, snapshotFiles, stateByHelper } from './support/snapshots.ts'
import { Workspace } from './support/workspace.ts'

/** One cluster of three nodes with all roles, whose snapshots are taken, listed, restored and lost. Each story leaves it whole. */

const VERSION = 'v1.31.1-rancher1-1'

const machines = useMachines(3, VERSION)
let workspace: Workspace

/** The cluster of this file, with more keys. */
const file = (more: Fields = {}): string =>
  clusterFile(
    machines.map((machine) => nodeOf(machine, allRoles)),
    VERSION,
    {
      ...WITHOUT_METRICS,
      services: {
        etcd: { creation: '20s', retention: '10m' },
      },
      ...more,
    },
  )

/** Waits until every member takes writes again. */
const whole = (): Promise<void> =>
  waitUntil('etcd is whole', async () => (await etcdHealth(at(machines, 0))).every((ok) => ok), 60_000)

beforeAll(async () => {
  workspace = await Workspace.create(file())
  await workspace.succeed('up')
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

describe('rke etcd snapshot-save', () => {
  it('puts an archive on every node, and tells of each what is in it', async () => {
    const { name, saved, missing } = await save(workspace, 'before')
    expect({ name, missing, nodes: saved.map(({ node }) => node) }).toEqual({
      name: 'before',
      missing: [],
      nodes: machines.map(({ address }) => address),
    })
    for (const [index, one] of saved.entries()) {
      expect(one).toMatchObject({ file: '/opt/rke/etcd-snapshots/before.zip', kubernetesVersion: VERSION })
      const size = await shell(at(machines, index), `stat -c '%s %a' ${one.file}`)
      expect(size.trim()).toBe(`${one.bytes} 600`)
      expect(one.databaseBytes).toBeGreaterThan(one.bytes)
      expect(one.hash).toMatch(/^[0-9a-f]{64}$/)
      expect(one.revision).toBeGreaterThan(100)
      expect(one.keys).toBeGreaterThan(100)
      expect(one.freeBytes).toBeGreaterThan(1_000_000)
    }
  })

  it('makes archives from which the helper of RKE takes the very state file of this machine', async () => {
    const local = await readFile(workspace.path('cluster.rkestate'), 'utf8')
    expect(await stateByHelper(at(machines, 2), 'before')).toBe(local)
  })

  it('leaves nothing but the archive, and a cluster with nothing to do', async () => {
    for (const machine of machines) {
      expect(await snapshotFiles(machine)).toContain('before.zip')
      expect(
        await linesOf(
          machine,
          'ls /etc/kubernetes /opt/rke/etcd-snapshots | grep -E "rkestate|^before$|part$" || true',
        ),
      ).toEqual([])
      expect(
        await linesOf(
          machine,
          "docker ps -a --format '{{.Names}}' | grep -E 'snapshot-(once|reader)|deployer' || true",
        ),
      ).toEqual([])
    }
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })

  it('keeps an archive of the same name, unless it is asked to replace it', async () => {
    const before = await shell(at(machines, 0), 'sha256sum /opt/rke/etcd-snapshots/before.zip')
    const { exitCode, stdout } = await workspace.rke(['etcd', 'snapshot-save', '--name', 'before'])
    expect(exitCode, stdout).toBe(15)
    expect(await shell(at(machines, 0), 'sha256sum /opt/rke/etcd-snapshots/before.zip')).toBe(before)
    await save(workspace, 'before', '--overwrite')
    expect(await shell(at(machines, 0), 'sha256sum /opt/rke/etcd-snapshots/before.zip')).not.toBe(before)
  })

  it('leaves out a member that is stopped, and saves the others', async () => {
    const stopped = at(machines, 1)
    await shell(stopped, 'docker stop etcd')
    try {
      const { missing, saved } = await save(workspace, 'without-one')
      expect(saved.map(({ node }) => node)).toEqual([0, 2].map((index) => at(machines, index).address))
      expect(missing).toMatchObject([
        { node: stopped.address, why: expect.stringContaining('etcd does not run') },
      ])
      expect(await snapshotFiles(stopped)).not.toContain('without-one.zip')
    } finally {
      await shell(stopped, 'docker start etcd')
    }
    await whole()
  })
})

describe('recurring snapshots', () => {
  const RECURRING = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ_etcd\.zip$/
  const container = (machine: Machine): Promise<string> =>
    shell(
      machine,
      "docker inspect -f '{{.Id}} {{.State.StartedAt}} {{.Config.Image}}' etcd-rolling-snapshots",
    )
  const recurringOn = async (machine: Machine): Promise<readonly string[]> =>
    (await snapshotFiles(machine)).filter((file) => RECURRING.test(file))
  /** The helper that looks for the ConfigMap in vain tries for more than a minute. */
  const nextOn = async (machine: Machine): Promise<string> => {
    const before = await recurringOn(machine)
    const added = async () => (await recurringOn(machine)).filter((file) => !before.includes(file))
    await waitUntil('a recurring snapshot is taken', async () => (await added()).length > 0, 150_000)
    return at(await added(), 0).slice(0, -'.zip'.length)
  }

  it('are taken by a container that a second up leaves alone, which says what they lack', async () => {
    const machine = at(machines, 0)
    const before = await container(machine)
    await nextOn(machine)
    const { stdout } = await workspace.succeed('up')
    expect(await container(machine)).toBe(before)
    expect(stdout).toMatch(/lack the state: rancher\/rke-tools:\S+ looks for it in a ConfigMap/)
  })

  it('hold the state once cluster.yml names the helper that the warning offers', async () => {
    const machine = at(machines, 2)
    await workspace.write('cluster.yml', file({ system_images: { alpine: 'rancher/rke-tools:v0.1.108' } }))
    const { stdout } = await workspace.succeed('up')
    expect(await container(machine)).toContain('rancher/rke-tools:v0.1.108')
    const name = await nextOn(machine)
    // What is in the cluster has no line breaks: the helper puts them in, as RKE's state file has them.
    expect(JSON.parse(await stateByHelper(machine, name))).toMatchObject({
      currentState: { rkeConfig: { kubernetesVersion: VERSION } },
    })
    expect(stdout).toContain('container etcd-rolling-snapshots')
    const again = await workspace.succeed('up')
    expect(again.stdout).not.toContain('lack the state')
  })

  it('are missed where the member does not run', async () => {
    const machine = at(machines, 1)
    await shell(machine, 'docker stop etcd')
    try {
      const missed = (index: number): string =>
        `host [${at(machines, index).address}] has taken no snapshot for`
      let said = ''
      const isMissed = async (): Promise<boolean> => {
        said = (await workspace.rke(['plan'])).stderr
        return said.includes(missed(1))
      }
      await waitUntil('the plan misses the snapshots of one node', isMissed, 120_000)
      expect(said).not.toContain(missed(0))
    } finally {
      await shell(machine, 'docker start etcd')
    }
    await whole()
  })
})

it('no key or password is in anything that was printed', () => {
  expect(workspace.printedSecrets()).toEqual([])
})
