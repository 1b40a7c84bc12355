import { expect, test } from 'vitest'
import type { Event } from '../../../src/engine/events.ts'
import {
  CancelledError,
  ConnectionError,
  LockError,
  PlanRefusedError,
  RunFailedError,
  StateError,
} from '../../../src/errors.ts'
import { isWrite } from '../../sim/calls.ts'
import { listenRaw } from '../../sim/http.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { MIXED_ROLES, ONE_NODE, TWO_NODES } from './clusters.ts'
import { expectSameCluster, expectTidy, goOn, storedAuthority } from './crash.ts'
import { eventsOf, Scenario } from './support.ts'

const WORKER = '10.66.0.12'

test('stopped, a run lets what is running finish, starts nothing, and tells how to go on', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  const stop = new AbortController()
  scenario.world.hooks.before = ({ method }) => {
    if (method === 'PUT') stop.abort()
  }
  const run = scenario.up({ signal: stop.signal })
  const after: Event[] = []
  const running = new Set<string>()
  for await (const event of run) {
    if (stop.signal.aborted) after.push(event)
    else if (event.type === 'started') running.add(event.step.id)
    else if (event.type === 'done') running.delete(event.step.id)
  }
  const failure = await run.result.catch((thrown: unknown) => thrown)
  expect(failure).toBeInstanceOf(CancelledError)
  expect(failure).toMatchObject({ hint: expect.stringContaining('run the same command again') })
  expect(running.size).toBeGreaterThan(0)
  expect(after.filter(({ type }) => type === 'started' || type === 'failed')).toEqual([])
  const done = after.flatMap((event) => (event.type === 'done' ? [event.step.id] : []))
  expect(new Set(done)).toEqual(running)
  await goOn(scenario)
  expectTidy(scenario)
})

test('if a node cannot be reached nothing is changed anywhere, and the error names it', async () => {
  const scenario = await Scenario.of(MIXED_ROLES)
  scenario.world.machine(WORKER).reachable = false
  await expect(scenario.up().result).rejects.toMatchObject({
    name: 'ConnectionError',
    host: WORKER,
    message: expect.stringContaining(WORKER),
  })
  expect(scenario.writes()).toEqual([])
  await expect(scenario.plan()).rejects.toBeInstanceOf(ConnectionError)
  await expect(scenario.remove().result).rejects.toBeInstanceOf(ConnectionError)
  expect(scenario.writes()).toEqual([])
})

test('if several nodes cannot be reached the error names each of them', async () => {
  const scenario = await Scenario.of(MIXED_ROLES)
  scenario.world.machine(WORKER).reachable = false
  scenario.world.machine('10.66.0.13').reachable = false
  const failure = await scenario.up().result.catch((thrown: unknown) => thrown)
  expect(failure).toBeInstanceOf(RunFailedError)
  expect(failure).toMatchObject({ failures: [{ host: WORKER }, { host: '10.66.0.13' }] })
})

test('without its state a living cluster is not touched, and gets no new authority', async () => {
  const { config, world } = await Scenario.up(ONE_NODE)
  const scenario = new Scenario(config, world, new WatchedStore())
  world.calls.length = 0
  const before = world.machine('10.66.0.11').disk.read('/etc/kubernetes/ssl/kube-ca.pem')
  const failure = await scenario.up().result.catch((thrown: unknown) => thrown)
  expect(failure).toBeInstanceOf(StateError)
  expect(failure).toMatchObject({ hint: expect.stringContaining('rke util get-state-file') })
  await expect(scenario.plan()).rejects.toBeInstanceOf(StateError)
  expect(scenario.writes()).toEqual([])
  expect(world.machine('10.66.0.11').disk.read('/etc/kubernetes/ssl/kube-ca.pem')).toBe(before)
})

for (const fullAt of [1, 2]) {
  test(`if the disk is full at save ${fullAt} of the state the run fails, and the next one goes on`, async () => {
    const scenario = await Scenario.of(ONE_NODE)
    scenario.store.fullAt = fullAt
    await expect(scenario.up().result).rejects.toThrow('no space left on device')
    expect(scenario.store.writes).toBe(fullAt)
    const authority = await storedAuthority(scenario)
    // Nothing carries an authority that no state holds.
    if (fullAt === 1) expect(scenario.world.calls.filter(isWrite)).toEqual([])
    else expect(authority).toBeDefined()
    await goOn(scenario)
    if (authority !== undefined) await expectSameCluster(scenario, authority)
    expectTidy(scenario)
  })
}

test('a fresh run saves the state before it touches a machine, when all is applied, and before the cluster gets a copy', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  await scenario.up().result
  expect(scenario.store.writes).toBe(3)
})

test('a plan that was read before is run exactly, on fresh machines too', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  const { plan, approved, steps } = await scenario.plan()
  const run = scenario.up({ plan: approved })
  const events = await eventsOf(run)
  const done = events.flatMap((event) => (event.type === 'done' ? [event.step.id] : []))
  expect(new Set(done)).toEqual(new Set(steps.map(({ id }) => id)))
  expect((await run.result).plan.hash).toBe(plan.hash)
})

test('a plan is refused if the world has moved since, and nothing is changed', async () => {
  const scenario = await Scenario.up(ONE_NODE)
  const { docker } = scenario.world.machine('10.66.0.11')
  docker.stop('kube-scheduler')
  const { approved: plan } = await scenario.plan()
  docker.stop('kube-proxy')
  scenario.writes()
  await expect(scenario.up({ plan }).result).rejects.toBeInstanceOf(PlanRefusedError)
  docker.start('kube-proxy')
  docker.start('kube-scheduler')
  await expect(scenario.up({ plan }).result).rejects.toBeInstanceOf(PlanRefusedError)
  expect(scenario.writes()).toEqual([])
})

test('if the network plugin fails the run ends, and waits for no node that cannot become Ready', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  scenario.world.hooks.before = ({ service, method, path }) => {
    if (service === 'kube' && method === 'POST' && path.endsWith('/jobs')) throw new Error('quota exceeded')
  }
  const run = scenario.up()
  const events = await eventsOf(run)
  await expect(run.result).rejects.toThrow('quota exceeded')
  const skipped = events.flatMap((event) => (event.type === 'skipped' ? [event.step.id] : []))
  expect(skipped).toEqual(expect.arrayContaining(['node/10.66.0.11/ready', 'node/10.66.0.12/ready']))
  scenario.world.hooks = {}
  await goOn(scenario)
  expectTidy(scenario)
})

test('a second run on the same state is refused while the first goes on undisturbed', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  const first = scenario.up()
  await expect(scenario.up().result).rejects.toBeInstanceOf(LockError)
  await expect(scenario.remove().result).rejects.toBeInstanceOf(LockError)
  await first.result
  expect((await scenario.plan()).steps).toEqual([])
  await scenario.up().result
})

test('if a port of a new node is taken no key is sent to any node, and the error says how to find who has it', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  const { disk, ports } = scenario.world.machine(WORKER)
  ports.set(10_250, listenRaw())
  await expect(scenario.up().result).rejects.toMatchObject({
    host: WORKER,
    message: expect.stringContaining('10250'),
    hint: expect.stringContaining('ss -ltnp'),
  })
  expect(scenario.world.machines.map(({ docker }) => docker.containers)).toEqual([[], []])
  expect(disk.below('/etc/kubernetes')).toEqual([])
  ports.delete(10_250)
  await goOn(scenario)
  expectTidy(scenario)
})

test('two clusters in one process at the same time do not meet', async () => {
  const scenarios = await Promise.all([Scenario.of(TWO_NODES), Scenario.of(TWO_NODES)])
  await Promise.all(scenarios.map((scenario) => scenario.up().result))
  const authorities = await Promise.all(scenarios.map(storedAuthority))
  expect(new Set(authorities).size).toBe(2)
  for (const [index, scenario] of scenarios.entries()) {
    await expectSameCluster(scenario, authorities[index])
    expect((await scenario.plan()).steps).toEqual([])
    expectTidy(scenario)
  }
})

test('if the connection to a node breaks, the run names the node, and the next one goes on', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  const transports = scenario.world.transports()
  const run = scenario.up({}, { transports })
  for await (const event of run) {
    if (event.type !== 'started' || event.step.id !== `node/${WORKER}/files`) continue
    scenario.world.machine(WORKER).reachable = false
    transports.cutTo(WORKER)
  }
  const failure = await run.result.catch((thrown: unknown) => thrown)
  expect(JSON.stringify(failure)).toContain(WORKER)
  scenario.world.machine(WORKER).reachable = true
  await goOn(scenario)
  expectTidy(scenario)
})

test('if the connection to a node breaks between two requests, the run goes on over a new one', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  const transports = scenario.world.transports()
  const run = scenario.up({}, { transports })
  let cuts = 0
  for await (const event of run) {
    if (event.type !== 'done' || event.step.kind !== 'ports.check') continue
    cuts += 1
    transports.cutTo('10.66.0.11')
  }
  await run.result.catch(() => {})
  expect(cuts).toBe(1)
  await goOn(scenario)
  expectTidy(scenario)
})

test('if Docker restarts in the middle, the next run goes on', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  const run = scenario.up()
  for await (const event of run) {
    if (event.type === 'started' && event.step.id.endsWith('container/kubelet')) {
      scenario.world.machine('10.66.0.11').restartDocker()
    }
  }
  await run.result.catch(() => {})
  await goOn(scenario)
  expectTidy(scenario)
})

test('after a restart of every machine all containers run again, and there is nothing to do', async () => {
  const scenario = await Scenario.up(TWO_NODES)
  for (const machine of scenario.world.machines) machine.restartDocker()
  expect((await scenario.plan()).steps).toEqual([])
  expectTidy(scenario)
})
