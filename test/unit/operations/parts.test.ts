import { expect, test } from 'vitest'
import type { Event } from '../../../src/engine/events.ts'
import type { Step } from '../../../src/engine/step.ts'
import type { Action } from '../../../src/plan/action.ts'
import { makePlan } from '../../../src/plan/model/plan.ts'
import { Secret } from '../../../src/secret.ts'
import { runPlan } from '../../../src/session/run/run-plan.ts'
import { runWithEvents } from '../../../src/session/run/run-with-events.ts'
import { bench } from '../actions/support.ts'

const base = { id: 'one', because: [], after: [] }
const ABSENT: readonly (readonly [string, Action])[] = [
  [
    'etcd',
    {
      ...base,
      kind: 'etcd.member.add',
      node: '10.0.0.1',
      internalAddress: '10.0.0.1',
      through: ['10.0.0.1'],
    },
  ],
  ['the Kubernetes API', { ...base, kind: 'encryption.rewrite', resources: [] }],
  ['the state', { ...base, kind: 'encryption.record', text: new Secret(''), generated: false }],
]

test.each(ABSENT)(
  'a plan that needs %s fails where the operation does not use it, and says so',
  async (part, action) => {
    const { node, probe, reachKubelet, credentials } = bench('10.0.0.1').context
    const parts = { node, probe, reachKubelet, credentials }
    await expect(runPlan(makePlan([action]), parts, {}, () => {})).rejects.toMatchObject({
      message: `this operation does not use ${part}`,
      ...(action.node !== undefined && { host: action.node }),
    })
  },
)

test('a run whose steps wait for each other fails, and does not say that all is done', async () => {
  const step = { kind: 'one', after: [] }
  const steps = [
    { ...step, id: 'a', node: '10.0.0.1', window: 'w' },
    { ...step, id: 'b', node: '10.0.0.2', window: 'w' },
    { ...step, id: 'c', node: '10.0.0.1', window: 'w', after: ['b'] },
  ]
  const info = ({ id, kind }: Step) => ({ id, kind, title: id, because: [], reasons: [] })
  const work = { steps, windows: { w: 1 }, info, run: async () => {} }
  const events: Event[] = []
  await expect(runWithEvents(work, {}, (event) => events.push(event))).rejects.toThrow(
    '2 steps wait for each other and were not begun, 1 are done',
  )
  const skipped = events.filter(({ type }) => type === 'skipped')
  expect(skipped).toMatchObject([{ because: expect.stringContaining('wait for each other') }, {}])
})
