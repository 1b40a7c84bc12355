import { expect, test } from 'vitest'
import { StateSession } from '../../../../src/session/state/state-session.ts'
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

const recovering = { node: B, startedAt: '2026-01-01T00:00:00Z' }

test('a snapshot can be restored instead of an unfinished recovery', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  await (await StateSession.open(scenario.store)).save({ recovering })
  await scenario.restore({ name: 's1' }).result
  await expectOneWorld(scenario)
  expect((await scenario.store.load())?.state.recovering).toBeUndefined()
})

test('no restore is aborted that began in an unfinished recovery', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  const session = await StateSession.open(scenario.store)
  await session.save({ recovering })
  const previous = await session.keep(new Date())
  const restoring = { snapshot: 's1', startedAt: recovering.startedAt, ...(previous && { previous }) }
  await session.save({ restoring })
  await expect(scenario.abortRestore().result).rejects.toThrow(
    'etcd was being recovered when the restore began',
  )
})
