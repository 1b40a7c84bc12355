import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoles, clusterFile, nodeOf } from './support/cluster-file.ts'
import { etcdHealth } from './support/etcd.ts'
import { stepEvent } from './support/events.ts'
import { readyNodes } from './support/kube.ts'
import { linesOf, shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { lastLines, type RkeEvent, type RkeResult } from './support/rke-process.ts'
import { changeShop, openShop, shopObjects } from './support/shop.ts'
import { storedSecrets } from './support/stored-secrets.ts'
import { Workspace } from './support/workspace.ts'

/** A cluster of three nodes with all roles and encrypted Secrets, which is restored from a snapshot again and again. */

const VERSION = 'v1.31.1-rancher1-1'
const RESTORE = ['etcd', 'snapshot-restore', '--name', 'before', '--yes', '--output', 'json']

const machines = useMachines(3, VERSION)
let workspace: Workspace
let before: Readonly<Record<string, unknown>>

beforeAll(async () => {
  workspace = await Workspace.create(
    clusterFile(
      machines.map((machine) => nodeOf(machine, allRoles)),
      VERSION,
      {
        services: {
          'kube-api': { secrets_encryption_config: { enabled: true } },
        },
      },
    ),
  )
  await workspace.succeed('up')
  await openShop(workspace.kube())
  before = await shopObjects(workspace.kube())
  await workspace.succeed('etcd', 'snapshot-save', '--name', 'before')
  await changeShop(workspace.kube())
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

const restore = (killAt?: (event: RkeEvent) => boolean): Promise<RkeResult> =>
  workspace.rke(RESTORE, killAt === undefined ? {} : { killAt })

async function expectWhole(): Promise<void> {
  const { items } = await workspace.kube().core.listNode()
  expect(items.map(({ metadata }) => metadata?.name).sort()).toEqual(machines.map(({ address }) => address))
  expect(await readyNodes(workspace.kube())).toEqual(machines.map(({ address }) => address))
  expect(await etcdHealth(at(machines, 0))).toEqual([true, true, true])
  for (const machine of machines) {
    const names = await linesOf(machine, "docker ps -a --format '{{.Names}}'")
    expect([...names].sort()).toEqual([
      'etcd',
      'etcd-rolling-snapshots',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-proxy',
      'kube-scheduler',
      'kubelet',
      'service-sidekick',
    ])
    expect(await linesOf(machine, 'ls /var/lib/etcd')).toEqual(['member'])
    expect(await shell(machine, 'ls -d /opt/rke/etcd-snapshots-restore 2>/dev/null || true')).toBe('')
  }
  expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
}

describe('rke etcd snapshot-restore', () => {
  it('prints the whole plan and changes nothing with --dry-run', async () => {
    const state = await workspace.state()
    const { exitCode, stdout, ...rest } = await workspace.rke([...RESTORE.slice(0, 4), '--dry-run'])
    expect(exitCode, lastLines({ stdout, ...rest })).toBe(2)
    expect(stdout).toContain('restore etcd-')
    expect(stdout).toContain('"rke etcd snapshot-restore --name before" applies them')
    expect(await workspace.state()).toEqual(state)
    expect(await readyNodes(workspace.kube())).toHaveLength(3)
  })

  it('brings back what was there, object by object, and nothing that came after', async () => {
    const begun = performance.now()
    const { exitCode, events, ...rest } = await restore()
    const seconds = (performance.now() - begun) / 1000
    process.stderr.write(`restored in ${seconds.toFixed(1)} s\n`)
    expect(exitCode, lastLines(rest)).toBe(0)
    expect(await shopObjects(workspace.kube())).toEqual(before)
  })

  it('ends with all nodes Ready, Secrets encrypted, nothing left behind, and nothing to do', async () => {
    await expectWhole()
    expect(new Set(Object.values(await storedSecrets(at(machines, 0))))).toEqual(
      new Set([expect.stringMatching(/^aescbc:v1:k-\w{5}$/)]),
    )
  })
})

/** Moments of a restore at each of which a run is killed; the next one goes on. */
const MOMENTS: Readonly<Record<string, (event: RkeEvent) => boolean>> = {
  'when the state is that of the snapshot': stepEvent('done', 'restore.begin'),
  'when data is set aside': stepEvent('done', 'etcd.data.set-aside'),
  'when a member is restored': stepEvent('done', 'etcd.restore'),
  'when a member has started': stepEvent('done', 'container.create', '/etcd'),
  'when the API answers': stepEvent('done', 'leases.release'),
  'when the restored cluster works': stepEvent('done', 'restore.finish'),
}

describe('a restore that is killed with SIGKILL and run again', () => {
  it.each(Object.keys(MOMENTS))('%s', async (moment) => {
    const { triggered, exitCode, ...rest } = await restore((event) => MOMENTS[moment]?.(event) === true)
    expect({ triggered, exitCode }, lastLines(rest)).toEqual({ triggered: true, exitCode: undefined })
  })

  it('is done in the end, with everything as it was', async () => {
    const refused = await workspace.rke(['up'])
    expect(refused.exitCode).toBe(15)
    const { exitCode, ...rest } = await restore()
    expect(exitCode, lastLines(rest)).toBe(0)
    expect(await shopObjects(workspace.kube())).toEqual(before)
    await expectWhole()
  })
})

describe('rke etcd snapshot-restore --abort', () => {
  it('goes back to the cluster before the restore, with what came after the snapshot', async () => {
    await changeShop(workspace.kube())
    const changed = await shopObjects(workspace.kube())
    const killed = await restore(stepEvent('done', 'container.create', '/etcd'))
    expect(killed.triggered, lastLines(killed)).toBe(true)
    const { exitCode, ...rest } = await workspace.rke(['etcd', 'snapshot-restore', '--abort', '--yes'])
    expect(exitCode, lastLines(rest)).toBe(0)
    expect(await shopObjects(workspace.kube())).toEqual(changed)
    await expectWhole()
  })
})
