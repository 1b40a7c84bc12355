import { afterAll, beforeAll, expect, test } from 'vitest'
import { realSnapshot } from '../integration/support/real-snapshot.ts'
import type { Machine } from '../testbed/index.ts'
import { rkeArchive, snapshotArchive } from '../unit/fakes/rke-archive.ts'
import { allRoles, clusterFile, nodeOf } from './support/cluster-file.ts'
import { linesOf, shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { Workspace } from './support/workspace.ts'

// Snapshots are listed, checked and removed without a cluster: machines that were just installed have them after a copy by hand.
const VERSION = 'v1.31.1-rancher1-1'
const FOLDER = '/opt/rke/etcd-snapshots'
const STATE = Buffer.from(
  JSON.stringify({ desiredState: {}, currentState: { rkeConfig: { kubernetesVersion: VERSION } } }),
)
const machines = useMachines(3, VERSION)
let workspace: Workspace
let database: Buffer

beforeAll(async () => {
  database = await realSnapshot(20)
  workspace = await Workspace.create(
    clusterFile(
      machines.map((machine) => nodeOf(machine, allRoles)),
      VERSION,
    ),
  )
  for (const machine of machines)
    await put(machine, 'before-upgrade.zip', snapshotArchive('before-upgrade', database, STATE))
})

afterAll(() => workspace[Symbol.asyncDispose]())

async function put(machine: Machine, file: string, content: Buffer): Promise<void> {
  const path = `${FOLDER}/'${file}'`
  await shell(
    machine,
    `mkdir -p ${FOLDER} && echo ${content.toString('base64')} | base64 -d >${path} && chmod 600 ${path} && touch -d @1767261600 ${path}`,
  )
}

/** With a bit that is another one. */
function flipped(content: Buffer, place: number): Buffer {
  const copy = Buffer.from(content)
  copy.writeUInt8(copy.readUInt8(place) ^ 1, place)
  return copy
}

const helpers = async (): Promise<readonly string[]> =>
  (await Promise.all(machines.map((machine) => linesOf(machine, 'docker ps -aq')))).flat()

test('snapshots of three nodes are listed with what is in them, on one line where they are equal', async () => {
  const { exitCode, stdout } = await workspace.rke(['etcd', 'snapshot-ls'])
  expect(stdout).toMatch(
    new RegExp(
      `^before-upgrade  .*Z  manual  \\d\\.\\d kB  21 .*  ${VERSION}  yes    ${machines.map(({ address }) => address).join(', ')}$`,
      'm',
    ),
  )
  expect(exitCode).toBe(0)
})

test('damaged, foreign and renamed archives are found, and nothing is written for that', async () => {
  const [one, two, three] = [at(machines, 0), at(machines, 1), at(machines, 2)]
  await put(one, 'flipped.zip', flipped(snapshotArchive('flipped', database, STATE), 300))
  await put(one, 'truncated.zip', snapshotArchive('truncated', database, STATE).subarray(0, 500))
  await put(
    two,
    'huge.zip',
    rkeArchive([{ name: '/backup/huge', content: database, declaredBytes: 10 * 2 ** 30 + 32 }]),
  )
  await put(
    two,
    'foreign.zip',
    rkeArchive([
      { name: '/backup/foreign', content: database },
      { name: '../../x', content: STATE },
    ]),
  )
  await put(three, 'renamed.zip', snapshotArchive('original', database, STATE))
  await put(three, '$(touch hacked) `id`.zip', snapshotArchive('$(touch hacked) `id`', database, STATE))
  const seen = 'cd / && ls -lR --time-style=full-iso opt'
  const before = await Promise.all(machines.map((machine) => shell(machine, seen)))
  const { exitCode, stdout, stderr } = await workspace.rke(['etcd', 'snapshot-verify', '--all'])
  expect(exitCode).toBe(20)
  for (const [name, problem] of [
    ['flipped', 'its data is damaged'],
    ['truncated', 'truncated'],
    ['huge', 'is said to have 10737418272 bytes'],
    ['foreign', 'which is no part of a snapshot'],
    ['renamed', 'it holds the snapshot original'],
  ]) {
    expect(stdout).toMatch(new RegExp(`^${name} .* unusable `, 'm'))
    expect(
      stderr
        .split('\n')
        .some((line) => line.includes(`the snapshot ${name} `) && line.includes(problem ?? '')),
    ).toBe(true)
  }
  expect(stdout).toMatch(/^\$\(touch hacked\) `id` .* yes /m)
  expect(await Promise.all(machines.map((machine) => shell(machine, seen)))).toEqual(before)
  expect(await helpers()).toEqual([])
})

test('exactly what is named is removed, and only if every node is there', async () => {
  const line = ['etcd', 'snapshot-rm', 'flipped', '$(touch hacked) `id`', '--yes']
  const before = await linesOf(at(machines, 0), `ls ${FOLDER}`)
  expect((await workspace.rke(line)).exitCode).toBe(0)
  expect(await linesOf(at(machines, 0), `ls ${FOLDER}`)).toEqual(
    before.filter((file) => file !== 'flipped.zip'),
  )
  expect(await linesOf(at(machines, 2), `ls ${FOLDER}`)).toEqual(['before-upgrade.zip', 'renamed.zip'])
  expect(await helpers()).toEqual([])
})
