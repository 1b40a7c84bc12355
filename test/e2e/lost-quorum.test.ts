import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Machine, powerOff } from '../testbed/index.ts'
import { allRoles, clusterFile, nodeOf, WITHOUT_METRICS } from './support/cluster-file.ts'
import { etcdHealth, etcdMembers } from './support/etcd.ts'
import { stepEvent } from './support/events.ts'
import { readyNodes, untilReady } from './support/kube.ts'
import { linesOf, shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { lastLines } from './support/rke-process.ts'
import { Workspace } from './support/workspace.ts'

/** A cluster with three etcd members loses most of them, twice, without a snapshot, and goes on with what is left. */

const VERSION = 'v1.31.1-rancher1-1'
const OBJECTS = 40
const FOLDER = '/var/lib/etcd'

const machines = useMachines(5, VERSION)
const a = (): Machine => at(machines, 0)
const [first, second] = [
  (): readonly Machine[] => machines.slice(0, 3),
  (): readonly Machine[] => [a(), at(machines, 3), at(machines, 4)],
]

let workspace: Workspace
let authority: string | undefined

beforeAll(async () => {
  workspace = await Workspace.create(fileOf(first()))
  await workspace.succeed('up')
  authority = await workspace.authority()
  await Promise.all(
    Array.from({ length: OBJECTS }, (_, index) =>
      workspace.kube().core.createNamespacedConfigMap({
        namespace: 'default',
        body: { metadata: { name: `kept-${index}` }, data: { number: `${index}` } },
      }),
    ),
  )
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

it('a recovery of a cluster that has its quorum is refused', async () => {
  const refused = await workspace.rke(['etcd', 'recover', '--yes'])
  expect(refused.exitCode).toBe(15)
  expect(refused.stdout).toMatch(/etcd has a quorum.*rke up/)
})

describe('two of three machines that are destroyed', () => {
  it('leave one member, with which etcd goes on although the run is killed twice', async () => {
    await Promise.all(machines.slice(1, 3).map(powerOff))
    const dry = await workspace.rke(['etcd', 'recover', '--dry-run'])
    expect(dry.exitCode, lastLines(dry)).toBe(2)
    expect(dry.stdout).toMatch(/it runs without a quorum, raft index \d+, term \d+, revision \d+/)
    for (const moment of [stepEvent('done', 'etcd.force-new-cluster'), stepEvent('started', 'api.serves')]) {
      const killed = await workspace.rke(['etcd', 'recover', '--yes', '--output', 'json'], { killAt: moment })
      expect(killed.triggered, lastLines(killed)).toBe(true)
    }
    await workspace.succeed('etcd', 'recover', '--yes')
    expect(await etcdMembers(a())).toHaveLength(1)
    expect(await leftovers(a())).toEqual([])
    expect(await objects()).toBe(OBJECTS)
  })

  it('are replaced by new ones with up, and all objects are there', async () => {
    await workspace.write('cluster.yml', fileOf(second()))
    await workspace.succeed('up')
    await expectWhole()
  })

  it('the data of before is kept until it is discarded', async () => {
    expect(await kept(a())).toHaveLength(1)
    await workspace.succeed('etcd', 'recover', '--discard', '--yes')
    expect(await kept(a())).toEqual([])
  })
})

describe('members that do not run any more, one of them with damaged data', () => {
  it('etcd goes on with the data that can be read, and up repairs the other machine', async () => {
    const [, d, e] = second()
    if (d === undefined || e === undefined) throw new RangeError('there are three machines')
    await powerOff(e)
    await shell(d, `docker stop etcd && truncate -s 8192 ${FOLDER}/member/snap/db`)
    await shell(a(), 'docker stop etcd')
    const { stdout } = await workspace.succeed('etcd', 'recover', '--yes')
    expect(stdout).toMatch(new RegExp(`${d.address}.*its data is damaged`))
    expect(stdout).toMatch(new RegExp(`${a().address}.*it gives no answer, revision \\d+`))
    expect(await etcdMembers(a())).toHaveLength(1)
    await workspace.write('cluster.yml', fileOf([a(), d]))
    await workspace.succeed('up')
    expect(await etcdHealth(a())).toEqual([true, true])
    expect(await kept(d)).toHaveLength(1)
    expect(await objects()).toBe(OBJECTS)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

async function expectWhole(): Promise<void> {
  expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  await untilReady(
    second().map(({ address }) => address),
    () => readyNodes(workspace.kube()),
  )
  expect(await etcdHealth(a())).toEqual([true, true, true])
  expect(await workspace.authority()).toBe(authority)
  expect(await objects()).toBe(OBJECTS)
}

/** How many of the objects that were made in the beginning are there. */
async function objects(): Promise<number> {
  const { items } = await workspace.kube().core.listNamespacedConfigMap({ namespace: 'default' })
  return items.filter(({ metadata }) => metadata?.name?.startsWith('kept-')).length
}

const kept = (machine: Machine): Promise<readonly string[]> =>
  linesOf(machine, `find ${FOLDER} -maxdepth 1 -name 'before-recover*'`)

/** Helper containers that are still there. */
const leftovers = (machine: Machine): Promise<readonly string[]> =>
  linesOf(machine, `docker ps -a --format '{{.Names}}' | grep -E '^(etcd-recover|etcd-data)' || true`)

const fileOf = (list: readonly Machine[]): string =>
  clusterFile(
    list.map((machine) => nodeOf(machine, allRoles)),
    VERSION,
    WITHOUT_METRICS,
  )
