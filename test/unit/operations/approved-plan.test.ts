import { expect, test } from 'vitest'
import { PlanRefusedError } from '../../../src/errors.ts'
import type { ApprovedPlan } from '../../../src/plan/approval/approved-plan.ts'
import { parsePlan, serialisePlan } from '../../../src/session/approval/plan-file.ts'
import { ONE_NODE, TWO_NODES } from './clusters.ts'
import { Scenario } from './support.ts'

/** As a plan file keeps it. */
const stored = (plan: ApprovedPlan): ApprovedPlan => parsePlan(serialisePlan(plan), 'plan.json')

async function refusalOf(scenario: Scenario, plan: ApprovedPlan): Promise<PlanRefusedError> {
  scenario.writes()
  const thrown = await scenario.up({ plan }).result.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(PlanRefusedError)
  expect(scenario.writes()).toEqual([])
  return thrown as PlanRefusedError
}

test('a plan from a file is done exactly, and once', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  const { approved, steps } = await scenario.plan()
  const plan = stored(approved)
  expect((await scenario.up({ plan }).result).done).toBe(steps.length)
  const { message, moved } = await refusalOf(scenario, plan)
  expect(message).toContain('the state has changed: another run has been there since')
  expect(moved?.gone).toHaveLength(steps.length)
  expect(moved).toMatchObject({ state: true, configuration: false, cluster: false, added: [] })
})

test('the choices that a plan was made with are done with it', async () => {
  const scenario = (await Scenario.up(TWO_NODES)).with(
    `${TWO_NODES}services: {kubelet: {extra_args: {v: '3'}}}\n`,
  )
  const chosen = { nodes: ['10.66.0.11'] }
  const { approved } = await scenario.plan({}, chosen)
  expect(stored(approved).options).toEqual(chosen)
  const { steps } = await scenario.up({ plan: stored(approved) }).result
  expect(new Set(steps.flatMap(({ node }) => node ?? []))).toEqual(new Set(chosen.nodes))
})

test('a node that changed is named, with what is new, gone and different', async () => {
  const scenario = await Scenario.up(TWO_NODES)
  const { docker } = scenario.world.machine('10.66.0.11')
  docker.stop('kube-scheduler')
  const { approved } = await scenario.plan()
  docker.start('kube-scheduler')
  docker.stop('kube-proxy')
  const { message, moved, untouched } = await refusalOf(scenario, stored(approved))
  expect(message).toContain('node 10.66.0.11 has changed')
  expect(message).toMatch(/new: \[10.66.0.11\] .*kube-proxy/)
  expect(message).toMatch(/gone: \[10.66.0.11\] .*kube-scheduler/)
  expect(moved?.nodes).toEqual(['10.66.0.11'])
  expect(untouched).toBe(true)
})

test('a changed file of addons_include is named as the cause, and not a machine', async () => {
  const scenario = (await Scenario.up(ONE_NODE)).with(`${ONE_NODE}addons_include: [own.yaml]\n`)
  const manifest = (name: string) => ({
    readInclude: async () => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`,
  })
  const { approved } = await scenario.plan(manifest('one'))
  scenario.writes()
  const refusal = scenario.up({ plan: approved }, manifest('two')).result
  await expect(refusal).rejects.toMatchObject({ moved: { sources: true, configuration: false, nodes: [] } })
  await expect(refusal).rejects.toThrow('what cluster.yml refers to has changed')
  expect(scenario.writes()).toEqual([])
})

test('another cluster.yml, program or cluster is named as the cause', async () => {
  const scenario = await Scenario.up(ONE_NODE)
  const { approved } = await scenario.plan()
  const edited = scenario.with(`${ONE_NODE}\naddon_job_timeout: 99\n`)
  expect((await refusalOf(edited, approved)).message).toContain('cluster.yml has changed')
  const { origin } = approved
  const older = { ...approved, origin: { ...origin, program: 'v0.0.1' } }
  expect((await refusalOf(scenario, older)).message).toContain('v0.0.1 made the plan')
  const other = { ...approved, origin: { ...origin, cluster: { name: 'prod', authority: 'x' } } }
  expect((await refusalOf(scenario, other)).message).toContain('made for another cluster, prod')
})
