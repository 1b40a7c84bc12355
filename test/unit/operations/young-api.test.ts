import { expect, test } from 'vitest'
import { recoverState } from '../../../src/operations/recovery/recover-state.ts'
import { KillSwitch } from '../../sim/kill-switch.ts'
import { StatusError } from '../../sim/kube-store.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { cluster, TWO_NODES } from './clusters.ts'
import { expectTidy, killedWhen } from './crash.ts'
import { eventsOf, Scenario } from './support.ts'

const OWNER = { owner: 'anna@laptop:/cluster.yml' }
const NAMESPACE = '/api/v1/namespaces/kube-system'

/** A cluster whose first run was killed when the API server had just come up. */
async function young(): Promise<Scenario> {
  const scenario = await Scenario.of(TWO_NODES)
  await killedWhen(scenario, ({ type, ...event }) => {
    return type === 'done' && 'step' in event && event.step.id === 'node/10.66.0.11/health/kube-apiserver'
  })
  expect(scenario.kube.list('v1', 'Namespace')).toEqual([])
  return scenario
}

test('up goes on where the API server answers and has no namespaces yet, and says what it waits for', async () => {
  const scenario = await young()
  // It asks for it in vain three times before it is there.
  let left = 3
  scenario.world.hooks.before = ({ method, path }) => {
    if (method !== 'GET' || path !== NAMESPACE || left === 0) return
    left -= 1
    throw new StatusError(404, 'NotFound', 'not found')
  }
  const run = scenario.up(OWNER)
  const events = await eventsOf(run)
  await run.result
  const said = events.filter((event) => event.type === 'notice' && event.text.startsWith('waiting: '))
  const text = 'waiting: there is no Namespace kube-system yet'
  expect(said).toEqual([{ type: 'notice', level: 'info', area: 'k8s', text }])
  expect((await scenario.plan()).steps).toEqual([])
  expectTidy(scenario)
})

test('remove takes its lease there, too', async () => {
  const scenario = await young()
  const leases: string[] = []
  scenario.world.hooks.after = ({ method, path }) => {
    if (path.includes('/leases')) leases.push(method)
  }
  await scenario.remove(OWNER).result
  expect(leases).toEqual(['GET', 'POST'])
})

test('nothing is created in a new cluster before its namespace is there', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  const { world } = scenario
  const victim = new KillSwitch(world, scenario.store)
  world.hooks.before = ({ method, path }) => {
    if (method === 'GET' && path === NAMESPACE) throw new StatusError(404, 'NotFound', 'not found')
  }
  const run = scenario.up({ abort: victim.signal }, victim.deps)
  const created: string[] = []
  world.hooks.after = ({ service, method, path }) => {
    if (service === 'kube' && method === 'POST') created.push(path)
  }
  for await (const event of run) {
    if (event.type === 'progress' && event.text === 'waiting: there is no Namespace kube-system yet')
      victim.kill()
  }
  await run.result.catch(() => {})
  expect(victim.signal.aborted).toBe(true)
  expect(created).toEqual([])
})

test('no add-on Job is created before pods have a ServiceAccount', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  const { world } = scenario
  const victim = new KillSwitch(world, scenario.store)
  world.hooks.before = ({ method, path }) => {
    if (method === 'GET' && path === '/api/v1/namespaces/default/serviceaccounts/default')
      throw new StatusError(404, 'NotFound', 'not found')
  }
  const run = scenario.up({ abort: victim.signal }, victim.deps)
  for await (const event of run) {
    if (event.type === 'progress' && event.text === 'waiting: there is no ServiceAccount default/default yet')
      victim.kill()
  }
  await run.result.catch(() => {})
  expect(victim.signal.aborted).toBe(true)
  expect(scenario.kube.list('batch/v1', 'Job')).toEqual([])
})

test('a change of a cluster that has run for long asks for none of that', async () => {
  const nodes = { 11: 'controlplane, etcd', 12: 'worker', 13: 'worker' }
  const scenario = await Scenario.up(TWO_NODES, cluster(nodes))
  const asked: string[] = []
  scenario.world.hooks.after = ({ service, path }) => {
    if (service === 'kube') asked.push(path)
  }
  await scenario.with(cluster(nodes)).up(OWNER).result
  expect(asked.filter((path) => path === '/readyz')).toEqual(['/readyz'])
  expect(asked.filter((path) => /namespaces\/[^/]+$|serviceaccounts\/default/.test(path))).toEqual([])
})

test('the copy of the state is got back from an API server that has not read yet who may do what', async () => {
  const scenario = await Scenario.up(TWO_NODES)
  let asked = 0
  scenario.world.hooks.before = ({ path }) => {
    if (path === '/readyz' && ++asked < 3) throw new StatusError(500, 'InternalError', 'not ready')
    if (path.endsWith('/full-cluster-state') && asked < 3) throw new StatusError(403, 'Forbidden', 'not yet')
  }
  const { from } = await recoverState(scenario.config, { ...scenario.deps, store: new WatchedStore() }).result
  expect(from).toBe('Secret kube-system/full-cluster-state, through 10.66.0.11')
})
