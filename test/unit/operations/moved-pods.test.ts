import { describe, expect, test } from 'vitest'
import { isBarrier } from '../../../src/kube/drain/barrier.ts'
import type { Pod } from '../../../src/kube/objects/kube-object.ts'
import { plan } from '../../../src/operations/plan.ts'
import { podsOn, strandedPods } from '../../sim/scheduler.ts'
import { agent, dns, dnsPods, hasDns } from '../../sim/workloads.ts'
import { cluster } from './clusters.ts'
import { killedWhen } from './crash.ts'
import { eventsOf, Scenario } from './support.ts'

const MASTER = 'controlplane, etcd'
const BOTH_WORKERS = cluster({ 11: MASTER, 12: 'worker', 13: 'worker' })
const ONE_WORKER = cluster({ 11: MASTER, 12: 'worker' })
const ANOTHER_WORKER = cluster({ 11: MASTER, 14: 'worker' })
const LEAVING = '10.66.0.13'

/** Until controllers, scheduler and kubelets have nothing more to do. */
async function settle({ world }: Scenario): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve))
  while (world.isSettling)
}

/** A cluster with pods that tolerate everything: all that are made before `next` joins run on the machines of `text`. */
async function withPods(text: string, next = text): Promise<Scenario> {
  const scenario = await Scenario.up(text, next)
  scenario.kube.create(dns(2))
  scenario.kube.create(agent)
  await settle(scenario)
  expect(hasDns(scenario.world, scenario.kube)).toBe(true)
  return scenario
}

/** Looks after each request of a run whether DNS answers; gives the requests after which it does not. */
function watchDns(scenario: Scenario): readonly string[] {
  const { world, kube } = scenario
  const found: string[] = []
  world.hooks = {
    after: ({ method, path }) => {
      if (!hasDns(world, kube)) found.push(`${method} ${path}`)
    },
  }
  return found
}

/** All servers of cluster DNS are on one node. */
async function onlyOn(scenario: Scenario, name: string): Promise<void> {
  const { kube } = scenario
  for (const pod of dnsPods(kube)) kube.replace({ ...pod, spec: { nodeName: name } } as Pod)
  await settle(scenario)
  expect(dnsPods(kube).map(({ spec }) => spec?.nodeName)).toEqual([name, name])
}

/** The node with all servers leaves, after something else; gives the requests after which no server answers. */
async function leavingWith(
  scenario: Scenario,
  first: (scenario: Scenario) => void = () => {},
): Promise<readonly string[]> {
  await onlyOn(scenario, LEAVING)
  first(scenario)
  await settle(scenario)
  const gaps = watchDns(scenario)
  await scenario.with(ONE_WORKER).up().result
  await settle(scenario)
  return gaps
}

function expectMoved(scenario: Scenario, address: string): void {
  const { world, kube } = scenario
  expect(strandedPods(kube)).toEqual([])
  expect(podsOn(kube, address)).toEqual([])
  expect(world.machine(address).docker.containers.map(({ name }) => name)).toEqual([])
}

describe('removing the only worker but one', () => {
  test('has cluster DNS answer all the time, and leaves nothing of its pods', async () => {
    const scenario = await withPods(BOTH_WORKERS)
    const gaps = watchDns(scenario)
    await scenario.with(ONE_WORKER).up().result
    expect(gaps).toEqual([])
    await settle(scenario)
    expectMoved(scenario, LEAVING)
    expect(dnsPods(scenario.kube).map(({ spec }) => spec?.nodeName)).toEqual(['10.66.0.12', '10.66.0.12'])
  })

  test('has it answer, too, where the node that leaves has all its servers', async () => {
    const scenario = await withPods(BOTH_WORKERS)
    expect(await leavingWith(scenario)).toEqual([])
    expectMoved(scenario, LEAVING)
  })

  test('has it answer, too, where only this program cannot reach the node, and Kubernetes can', async () => {
    const scenario = await withPods(BOTH_WORKERS)
    const gaps = await leavingWith(scenario, ({ world }) => {
      world.machine(LEAVING).reachable = false
    })
    expect(gaps).toEqual([])
    expect(podsOn(scenario.kube, LEAVING)).toEqual([])
  })

  test('does not wait for pods of a machine that is down', async () => {
    const scenario = await withPods(BOTH_WORKERS)
    await leavingWith(scenario, ({ world }) => world.machine(LEAVING).powerOff())
    expect(dnsPods(scenario.kube).map(({ spec }) => spec?.nodeName)).toEqual(['10.66.0.12', '10.66.0.12'])
  })

  test('goes on where the machine goes down while cluster DNS is moved off it', async () => {
    const scenario = await withPods(BOTH_WORKERS)
    const { world } = scenario
    world.machine(LEAVING).reachable = false
    await onlyOn(scenario, LEAVING)
    let isDown = false
    for await (const event of scenario.with(ONE_WORKER).up()) {
      if (isDown || event.type !== 'started' || event.step.kind !== 'dns.move') continue
      isDown = true
      world.machine(LEAVING).powerOff()
    }
    expect(isDown).toBe(true)
    await settle(scenario)
    expect(scenario.kube.list('v1', 'Node')).toHaveLength(2)
    expect(dnsPods(scenario.kube).map(({ spec }) => spec?.nodeName)).toEqual(['10.66.0.12', '10.66.0.12'])
  })

  test('lets the node take pods again if it is back in cluster.yml before it is gone', async () => {
    const scenario = await withPods(BOTH_WORKERS)
    await killedWhen(scenario.with(ONE_WORKER), ({ type, ...event }) => {
      return type === 'done' && 'step' in event && event.step.kind === 'node.drain'
    })
    await scenario.up().result
    await settle(scenario)
    scenario.kube.create({ ...agent, metadata: { name: 'later', namespace: 'default' } })
    await settle(scenario)
    const names = podsOn(scenario.kube, LEAVING).map(({ metadata }) => metadata.name)
    expect(names).toContainEqual(expect.stringMatching(/^later-/))
    expect(names).not.toContainEqual(expect.stringMatching(/^rke-/))
  })
})

describe('a worker that is replaced', () => {
  const BOTH = cluster({ 11: MASTER, 12: 'worker', 14: 'worker' })

  /** Runs `up`, while the new worker becomes Ready only when somebody waits for that; gives the steps in their order. */
  async function stepsOf(scenario: Scenario): Promise<readonly string[]> {
    const { world } = scenario
    const steps: string[] = []
    for await (const event of scenario.up()) {
      if (event.type !== 'started' && event.type !== 'done') continue
      steps.push(`${event.type} ${event.step.id}`)
      if (event.type !== 'started' || event.step.id !== 'node/10.66.0.14/ready') continue
      await settle(scenario)
      world.machine('10.66.0.14').hasNetwork = true
      world.touch()
    }
    return steps
  }

  async function replacement(): Promise<Scenario> {
    const before = await withPods(ONE_WORKER, BOTH)
    before.world.machine('10.66.0.14').hasNetwork = false
    return before.with(ANOTHER_WORKER)
  }

  function expectOrder(steps: readonly string[]): void {
    const ready = steps.indexOf('done node/10.66.0.14/ready')
    expect(ready).toBeGreaterThan(-1)
    expect(steps.indexOf('started node/10.66.0.12/cordon')).toBeGreaterThan(ready)
  }

  test('gets no new pods, and is drained, only when the new one is Ready', async () => {
    const scenario = await replacement()
    const gaps = watchDns(scenario)
    expectOrder(await stepsOf(scenario))
    expect(gaps).toEqual([])
    await settle(scenario)
    expectMoved(scenario, '10.66.0.12')
  })

  test('waits for it, too, if a killed run has started its kubelet', async () => {
    const scenario = await replacement()
    await killedWhen(scenario, ({ type, ...event }) => {
      return type === 'done' && 'step' in event && event.step.id === 'node/10.66.0.14/labels'
    })
    expectOrder(await stepsOf(scenario))
  })

  test('goes on serving if the new one does not come, and the run says what it waited for', async () => {
    const scenario = await replacement()
    const kubelet = 'node/10.66.0.14/container/kubelet'
    scenario.world.hooks = {
      before({ machine, path }) {
        if (machine === '10.66.0.14' && path === '/containers/create') throw new Error('no space left')
      },
    }
    const run = scenario.up()
    const skipped = (await eventsOf(run)).flatMap((event) => (event.type === 'skipped' ? [event] : []))
    await expect(run.result).rejects.toThrow('no space left')
    const reasons = Object.fromEntries(skipped.map(({ step, because }) => [step.id, because]))
    expect(reasons).toHaveProperty(kubelet)
    expect(reasons['node/10.66.0.12/cordon']).toBe(
      'it needs "create container service-sidekick" on host [10.66.0.14]',
    )
    const node = scenario.kube.find({ apiVersion: 'v1', kind: 'Node', name: '10.66.0.12' })
    expect(JSON.stringify(node)).not.toContain('unschedulable')
    expect(dnsPods(scenario.kube).map(({ spec }) => spec?.nodeName)).toEqual(['10.66.0.12', '10.66.0.12'])
  })

  test('stays if the new one cannot be reached and is left out, unless it is not to be drained', async () => {
    const scenario = await replacement()
    const { world } = scenario
    world.machine('10.66.0.14').reachable = false
    const run = scenario.up({ skipUnreachable: true })
    const warnings = (await eventsOf(run)).flatMap((event) => (event.type === 'notice' ? [event.text] : []))
    await expect(run.result).rejects.toThrow('skipped')
    expect(warnings).toContainEqual(
      expect.stringMatching(/^10\.66\.0\.12 stays until new workers can be reached/),
    )
    expect(world.machine('10.66.0.12').kubelet).toBeDefined()
    const undrained = { skipUnreachable: true, drain: false }
    const { steps } = await plan(scenario.config, scenario.deps, undrained).result
    expect(steps.map(({ id }) => id)).toContain('node/10.66.0.12/delete')
    world.machine('10.66.0.14').reachable = true
    expectOrder(await stepsOf(scenario))
  })
})

describe('an etcd node that loses the worker role', () => {
  const BEFORE = cluster({ 11: MASTER, 12: 'etcd, worker', 13: 'worker' })
  const AFTER = cluster({ 11: MASTER, 12: 'etcd', 13: 'worker' })

  test('is drained before it gets the taint that ends all pods, and cluster DNS answers all the time', async () => {
    const before = await withPods(BEFORE)
    const scenario = before.with(AFTER)
    const gaps = watchDns(scenario)
    const steps: string[] = []
    for await (const event of scenario.up()) if (event.type === 'done') steps.push(event.step.id)
    const [drained, labelled] = ['emptied/drain', 'labels'].map((part) =>
      steps.indexOf(`node/10.66.0.12/${part}`),
    )
    expect(drained).toBeGreaterThan(-1)
    expect(labelled).toBeGreaterThan(drained ?? 0)
    expect(gaps).toEqual([])
    await settle(scenario)
    expect(dnsPods(scenario.kube).map(({ spec }) => spec?.nodeName)).toEqual([LEAVING, LEAVING])
    expect((await scenario.plan()).steps).toEqual([])
  })

  test('takes pods that tolerate its taint afterwards', async () => {
    const scenario = (await withPods(BEFORE)).with(AFTER)
    await scenario.up().result
    await settle(scenario)
    scenario.kube.create({ ...agent, metadata: { name: 'later', namespace: 'default' } })
    await settle(scenario)
    const names = podsOn(scenario.kube, '10.66.0.12').map(({ metadata }) => metadata.name)
    expect(names).toContainEqual(expect.stringMatching(/^later-/))
  })

  test('goes on after a run that was killed while it was emptied', async () => {
    const scenario = (await withPods(BEFORE)).with(AFTER)
    await killedWhen(scenario, ({ type, ...event }) => {
      return type === 'done' && 'step' in event && event.step.id === 'node/10.66.0.12/emptied/dns'
    })
    await scenario.up().result
    expect((await scenario.plan()).steps).toEqual([])
    expect(JSON.stringify(scenario.kube.list('v1', 'Node'))).not.toContain('unschedulable')
    expect(scenario.kube.list('v1', 'Pod').filter(isBarrier)).toEqual([])
  })
})
