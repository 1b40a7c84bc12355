import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoles, clusterFile, nodeOf } from '../e2e/support/cluster-file.ts'
import { etcdHealth, etcdMembers } from '../e2e/support/etcd.ts'
import { readyNodes, untilReady } from '../e2e/support/kube.ts'
import { linesOf, shell } from '../e2e/support/machine-shell.ts'
import { at, useMachines } from '../e2e/support/machines.ts'
import { lastLines } from '../e2e/support/rke-process.ts'
import { changeShop, openShop, shopObjects } from '../e2e/support/shop.ts'
import { allowSsh, refuseSsh } from '../e2e/support/unreachable.ts'
import { Workspace } from '../e2e/support/workspace.ts'

/** A snapshot is restored while nobody can log in to one of three machines, though all of the cluster runs there. */

const VERSION = 'v1.31.1-rancher1-1'

const machines = useMachines(3, VERSION)
const away = () => at(machines, 2)
const addresses = (...indexes: readonly number[]): readonly string[] =>
  indexes.map((index) => at(machines, index).address)
const containersAway = () => linesOf(away(), 'docker ps -q --no-trunc')
let workspace: Workspace
let before: Readonly<Record<string, unknown>>

beforeAll(async () => {
  const nodes = machines.map((machine) => nodeOf(machine, allRoles))
  workspace = await Workspace.create(clusterFile(nodes, VERSION))
  await workspace.succeed('up')
  await openShop(workspace.kube())
  before = await shopObjects(workspace.kube())
  await workspace.succeed('etcd', 'snapshot-save', '--name', 'before')
  await changeShop(workspace.kube())
  await refuseSsh(away())
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

describe('a machine that a restore skips, and that runs', () => {
  it('has no part in the restored cluster', async () => {
    const args = ['etcd', 'snapshot-restore', '--name', 'before', '--yes', '--skip-unreachable']
    const { exitCode, ...rest } = await workspace.rke(args)
    expect(exitCode, lastLines(rest)).toBe(11)
    expect(rest.stdout + rest.stderr).toMatch(
      new RegExp(`Host \\[${away().address}\\] is left out .*Switch it off`),
    )
    expect(await shopObjects(workspace.kube())).toEqual(before)
    expect(await readyNodes(workspace.kube())).toEqual(addresses(0, 1))
    expect(await etcdMembers(at(machines, 0))).toHaveLength(2)
    const specs = await shell(at(machines, 0), 'docker inspect kube-apiserver etcd')
    expect(specs).not.toContain(away().address)
  })

  it('is cleaned by up before it joins', async () => {
    const old = await containersAway()
    expect(old.length).toBeGreaterThan(6)
    await allowSsh(away())
    await workspace.succeed('up')
    expect((await containersAway()).filter((id) => old.includes(id))).toEqual([])
    await untilReady(addresses(0, 1, 2), () => readyNodes(workspace.kube()))
    expect(await etcdHealth(at(machines, 0))).toEqual([true, true, true])
    expect(await shopObjects(workspace.kube())).toEqual(before)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})
