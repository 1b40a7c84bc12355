import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { drainOptions } from '../../src/actions/kube/drain-options.ts'
import { realTime } from '../../src/time.ts'
import { bench } from './actions/support.ts'
import { config } from './fixture.ts'

const [{ address }] = config.nodes as [(typeof config.nodes)[number]]

/** Whether a time is over a moment after it began. */
async function isOver(milliseconds: number): Promise<boolean> {
  const limit = realTime.limit(milliseconds)
  const moment = realTime.limit(20)
  if (!moment.aborted) await once(moment, 'abort')
  return limit.aborted
}

describe('a time that a cluster file gives', () => {
  test.each([2 ** 31, 2 ** 32, 9_999_999_000, Number.POSITIVE_INFINITY])(
    'of %d ms, more than a timer takes, is not over at once',
    async (milliseconds) => {
      expect(await isOver(milliseconds)).toBe(false)
    },
  )

  test('that is negative is over at once', async () => {
    expect(await isOver(-1000)).toBe(true)
  })
})

test('draining with a timeout of 0 has no limit, as for kubectl', () => {
  const watchLag = { servers: [], others: [], singleServer: false }
  const settings = { force: false, ignoreDaemonSets: true, deleteLocalData: false, gracePeriod: -1, watchLag }
  const deadline = (timeout: number) =>
    drainOptions({ ...settings, timeout }, bench(address).context, { leaves: false }).deadlineMs
  expect([deadline(0), deadline(120)]).toEqual([Number.POSITIVE_INFINITY, 120_000])
})
