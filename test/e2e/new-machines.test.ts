import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCompany } from '../unit/pki/own-ca.ts'
import { allRoles, clusterFile, nodeOf, WITHOUT_METRICS } from './support/cluster-file.ts'
import { etcdHealth, etcdMembers } from './support/etcd.ts'
import { readyNodes, untilReady } from './support/kube.ts'
import { kubeletVersions } from './support/kube-nodes.ts'
import { shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { lastLines } from './support/rke-process.ts'
import { changeShop, openShop, shopObjects } from './support/shop.ts'
import { Workspace } from './support/workspace.ts'

/**
 * A machine and the state are lost: the cluster is restored on another one from the file of a snapshot, with the next version of
 * Kubernetes, and grows again. Its CA is an intermediate one of the user's own, whose key is kept elsewhere.
 */

const OLD = 'v1.30.4-rancher1-1'
const VERSION = 'v1.31.1-rancher1-1'
const FILE = '/opt/rke/etcd-snapshots/last.zip'

const machines = useMachines(4, OLD, VERSION)
let workspace: Workspace
let before: Readonly<Record<string, unknown>>

const fileOf = (version: string, ...indexes: readonly number[]): string =>
  clusterFile(
    indexes.map((index) => nodeOf(at(machines, index), allRoles)),
    version,
    { ...WITHOUT_METRICS, certificates: { ca_key: 'external' } },
  )
const company = openCompany()
const KEY = ['--ca-key', 'ca.key']
const addresses = (...indexes: readonly number[]): readonly string[] =>
  indexes.map((index) => at(machines, index).address)

beforeAll(async () => {
  const root = company.authority('Root')
  workspace = await Workspace.create(fileOf(OLD, 0))
  await workspace.write('ca.pem', `${company.authority('Issuing', { by: 'Root' })}${root}`)
  await workspace.write('ca.key', company.key('Issuing'))
  await workspace.succeed('up', '--ca-cert', 'ca.pem', ...KEY)
  await openShop(workspace.kube())
  before = await shopObjects(workspace.kube())
  await workspace.succeed('etcd', 'snapshot-save', '--name', 'last')
  await changeShop(workspace.kube())
  const archive = (await shell(at(machines, 0), `base64 -w0 ${FILE}`)).trim()
  // What a shell takes is limited.
  for (const [index, part] of (archive.match(/.{1,100000}/g) ?? []).entries()) {
    const arrow = index === 0 ? '>' : '>>'
    await shell(at(machines, 1), `mkdir -p /opt/rke/etcd-snapshots; printf %s ${part} ${arrow} /tmp/last.b64`)
  }
  await shell(at(machines, 1), `base64 -d /tmp/last.b64 > ${FILE}`)
  // The machine is gone: nothing of it answers.
  await shell(at(machines, 0), 'docker ps -aq | xargs -r docker rm -f >/dev/null')
  await rm(workspace.path('cluster.rkestate'))
  await workspace.write('cluster.yml', fileOf(VERSION, 1))
})

afterAll(async () => {
  company.close()
  await workspace?.[Symbol.asyncDispose]()
})

describe('a snapshot whose file was copied to one new machine', () => {
  const restoreWithoutKey = (...flags: readonly string[]) =>
    workspace.rke(['etcd', 'snapshot-restore', '--name', 'last.zip', ...flags])
  const restore = (...flags: readonly string[]) => restoreWithoutKey(...flags, ...KEY)

  it('is not restored without the key of the CA, which must issue certificates for the machine', async () => {
    const result = await restoreWithoutKey('--yes', '--kubernetes-version', 'from-config')
    expect(result.exitCode, lastLines(result)).toBe(18)
    expect(result.stderr + result.stdout).toContain('must be issued: kube-apiserver (its names change')
  })

  it('is not restored while nobody decides between its version of Kubernetes and that of cluster.yml', async () => {
    const { exitCode, stdout, ...rest } = await restore('--yes')
    expect(exitCode, lastLines({ stdout, ...rest })).toBe(15)
    expect(stdout).toContain(`the snapshot is of Kubernetes ${OLD}, and cluster.yml says ${VERSION}`)
    for (const choice of ['from-snapshot', 'from-config']) {
      expect(stdout).toContain(`rke etcd snapshot-restore --name last.zip --kubernetes-version ${choice}`)
      const planned = await restore('--dry-run', '--kubernetes-version', choice)
      expect(planned.exitCode, lastLines(planned)).toBe(2)
    }
    expect(await shell(at(machines, 1), 'docker ps -aq')).toBe('')
  })

  it('is restored there with the state that is in it: all objects are there, the old Node is not', async () => {
    const { exitCode, ...rest } = await restore('--yes', '--kubernetes-version', 'from-config')
    expect(exitCode, lastLines(rest)).toBe(0)
    expect(rest.stderr + rest.stdout).toContain(`also had ${at(machines, 0).address}`)
    expect(await shopObjects(workspace.kube())).toEqual(before)
    const { items } = await workspace.kube().core.listNode()
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(addresses(1))
    expect(await readyNodes(workspace.kube())).toEqual(addresses(1))
    expect(await kubeletVersions(workspace.kube())).toEqual([`${at(machines, 1).address} v1.31.1`])
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })

  it('is restored with its own version of Kubernetes, which up upgrades then', async () => {
    const { exitCode, ...rest } = await restore('--yes', '--kubernetes-version', 'from-snapshot')
    expect(exitCode, lastLines(rest)).toBe(0)
    const [address] = addresses(1)
    expect(await kubeletVersions(workspace.kube())).toEqual([`${address} v1.30.4`])
    expect(await shopObjects(workspace.kube())).toEqual(before)
    await workspace.succeed('up', ...KEY)
    expect(await kubeletVersions(workspace.kube())).toEqual([`${address} v1.31.1`])
    expect(await shopObjects(workspace.kube())).toEqual(before)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })

  it('grows to three nodes by up', async () => {
    await workspace.write('cluster.yml', fileOf(VERSION, 1, 2, 3))
    await workspace.succeed('up', ...KEY)
    await untilReady(addresses(1, 2, 3), () => readyNodes(workspace.kube()))
    expect(await etcdMembers(at(machines, 1))).toHaveLength(3)
    expect(await etcdHealth(at(machines, 1))).toEqual([true, true, true])
    expect(await shopObjects(workspace.kube())).toEqual(before)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })

  it('has the key of the CA on no machine, in no state and in no log, and sends what is between CA and root', async () => {
    const [, line = ''] = company.key('Issuing').split('\n')
    expect(workspace.printedSecrets(line)).toEqual([])
    expect(JSON.stringify(await workspace.state())).not.toContain(line)
    const folder = '/etc/kubernetes/ssl'
    for (const index of [1, 2, 3]) {
      expect(await shell(at(machines, index), `find ${folder} -name kube-ca-key.pem`)).toBe('')
      expect(await shell(at(machines, index), `grep -c BEGIN ${folder}/kube-apiserver.pem`)).toBe('2\n')
    }
  })
})
