import { expect, test } from 'vitest'
import { ALL_ROLES } from '../clusters.ts'
import { expectOneWorld, withSnapshot } from './worlds.ts'

const DATA = '/var/lib/etcd'
const B = '10.66.0.12'

test('a restore keeps what an interrupted recovery has set aside, and no later recovery takes it for its own', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  const { disk } = scenario.world.machine(B)
  disk.write(`${DATA}/before-recover/member/identity`, 'old', 0o600)
  disk.write(`${DATA}/before-recover/member/snap/db`, 'old', 0o600)
  await scenario.restore({ name: 's1' }).result
  await expectOneWorld(scenario)
  expect(disk.read(`${DATA}/before-recover-20260101T000000Z/member/snap/db`)).toBe('old')
})
