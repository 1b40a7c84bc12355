import { beforeAll, expect, test } from 'vitest'
import { verifySnapshot } from '../../../../src/operations/snapshots/list-snapshots.ts'
import { recoverQuorum } from '../../../../src/operations/snapshots/recover-quorum.ts'
import { saveSnapshot } from '../../../../src/operations/snapshots/save-snapshot.ts'
import { ALL_ROLES } from '../clusters.ts'
import type { Scenario } from '../support.ts'
import { withSnapshot } from './worlds.ts'

const bucket = {
  endpoint: 's3.example.net',
  bucketName: 'b',
  folder: 'f',
  accessKey: 'KEY',
  secretKey: 'SECRET',
}
const OTHERS = [
  'etcd-snapshot-reader',
  'etcd-snapshot-once',
  'etcd-download-backup',
  'etcd-data-reader',
  'file-deployer',
]
let scenario: Scenario

/** Helpers of a run that changes the cluster at this moment, by id. */
const others = (): readonly string[] =>
  scenario.world.machines.flatMap(({ docker }) =>
    docker.containers.flatMap(({ id, name }) => (OTHERS.includes(name) ? id : [])),
  )

beforeAll(async () => {
  scenario = await withSnapshot(ALL_ROLES)
  const archive = scenario.world.machines[0]?.disk.bytes('/opt/rke/etcd-snapshots/s1.zip')
  scenario.world.buckets.set('s3.example.net/b', new Map([['f/s1.zip', archive ?? Buffer.alloc(0)]]))
})

test.each<readonly [run: string, start: () => { readonly result: Promise<unknown> }]>([
  ['a verification', () => verifySnapshot(scenario.config, scenario.deps, { names: ['s1'], bucket })],
  [
    'a dry run of a save',
    () => saveSnapshot(scenario.config, scenario.deps, { name: 's2', dryRun: true, breakLock: true }),
  ],
  ['a dry run of a restore from nodes', () => scenario.restore({ name: 's1', dryRun: true })],
  ['a dry run of a restore from the bucket', () => scenario.restore({ name: 's1', bucket, dryRun: true })],
  [
    'a dry run of a recovery',
    () => {
      for (const machine of scenario.world.machines.slice(1)) machine.powerOff()
      return recoverQuorum(scenario.config, scenario.deps, { dryRun: true })
    },
  ],
])('%s takes no helper away from a run that changes the cluster', async (_, start) => {
  for (const { docker } of scenario.world.machines) {
    const image = docker.containers.find(({ name }) => name === 'etcd')?.spec.Image ?? ''
    for (const name of OTHERS) {
      if (!docker.containers.some((one) => one.name === name)) docker.create(name, { Image: image })
    }
  }
  const before = others()
  await start().result
  expect(before).toHaveLength(3 * OTHERS.length)
  expect(others()).toEqual(before)
})
