import { describe, expect, it } from 'vitest'
import { stepInfo } from '../../../src/actions/actions.ts'
import { runSteps } from '../../../src/engine/engine.ts'
import { EtcdError } from '../../../src/errors.ts'
import { joinPlans } from '../../../src/plan/model/join-plans.ts'
import type { Plan } from '../../../src/plan/model/plan.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { planRemoval } from '../../../src/plan/plan-removal.ts'
import { config } from '../fixture.ts'
import { withOption } from './living-cluster.ts'
import { quiet } from './support.ts'

/** What a restored cluster needs: everything is taken off its machines, then it is changed. */
const clean = planRemoval(config, quiet().seen.machines, { snapshots: false })
const change = planCluster(withOption(quiet(), 'kubelet'))
const joined = joinPlans([
  { name: 'clean', plan: clean },
  { name: 'up', plan: change },
])

/** Runs a plan with steps that do nothing, or fail, and says which ended how, in their order. */
async function run({ actions, windows }: Plan, failing = '') {
  const began: string[] = []
  const ended: string[] = []
  const outcome = await runSteps({
    steps: actions,
    windows,
    info: stepInfo,
    emit: () => {},
    run: async ({ id }) => {
      began.push(id)
      await Promise.resolve()
      if (id === failing) throw new EtcdError('it fails')
      ended.push(id)
    },
  })
  return { began, ended, outcome }
}

describe('two plans that are joined', () => {
  it('are run one after the other: nothing of the second begins before all of the first is done', async () => {
    const { began, ended } = await run(joined)
    expect(ended).toHaveLength(clean.actions.length + change.actions.length)
    expect(clean.actions.length).toBeGreaterThan(3)
    expect(began.slice(0, clean.actions.length).every((id) => id.startsWith('clean/'))).toBe(true)
    expect(began.slice(clean.actions.length)).toEqual((await run(change)).began.map((id) => `up/${id}`))
  })

  it('end where a step of the first fails, whichever it is', async () => {
    for (const { id } of clean.actions) {
      const { began, outcome } = await run(joined, `clean/${id}`)
      expect(outcome.failed).toHaveLength(1)
      expect(began.filter((one) => one.startsWith('up/'))).toEqual([])
    }
  })

  it('may hold the same steps and windows, and are kept apart', async () => {
    const twice = joinPlans([
      { name: 'first', plan: change },
      { name: 'again', plan: change },
    ])
    expect(new Set(twice.actions.map(({ id }) => id)).size).toBe(2 * change.actions.length)
    expect(twice.windows).toMatchObject({ 'first/workers': 1, 'again/workers': 1 })
    expect(twice.actions.every(({ window = '/' }) => window === '/' || window in twice.windows)).toBe(true)
    expect((await run(twice)).ended).toHaveLength(2 * change.actions.length)
  })

  it('do nothing for a part without steps', async () => {
    const parts = [
      { name: 'nothing', plan: planCluster(quiet()) },
      { name: 'up', plan: change },
    ]
    expect((await run(joinPlans(parts))).began).toEqual((await run(change)).began.map((id) => `up/${id}`))
  })

  it('have a hash that changes with each of them, and with their order', () => {
    const other = planCluster(withOption(quiet(), 'kube-proxy'))
    const parts = { clean: { name: 'clean', plan: clean }, up: { name: 'up', plan: change } }
    const hashes = [
      joined.hash,
      joinPlans([parts.clean, { name: 'up', plan: other }]).hash,
      joinPlans([{ name: 'clean', plan: other }, parts.up]).hash,
      joinPlans([parts.up, parts.clean]).hash,
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(joinPlans([parts.clean, parts.up]).hash).toBe(joined.hash)
  })
})
