import { expect } from 'vitest'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import { nodeContainers } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import type { Event } from '../../../src/engine/events.ts'
import type { Run } from '../../../src/engine/run.ts'
import type { ConfigMap } from '../../../src/kube/objects/kube-object.ts'
import { ROOT_CA } from '../../../src/kube/objects/root-ca.ts'
import type { Deps, RunOptions } from '../../../src/session/deps.ts'
import { callText, isWrite, type SimCall } from '../../sim/calls.ts'
import { KillSwitch } from '../../sim/kill-switch.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { catalog } from '../fixture.ts'
import type { Scenario } from './support.ts'

const LOGS = '/var/lib/rancher/rke/log'
const CA = '/etc/kubernetes/ssl/kube-ca.pem'

/** Starts what is to be killed. */
type Start = (options: Pick<RunOptions, 'abort'>, deps: Partial<Deps>) => Run<unknown>

/** `up`, `remove`, or something else that a scenario does. */
export type Verb = 'up' | 'remove' | Start

function start(scenario: Scenario, verb: Verb, { signal, deps }: KillSwitch): Run<unknown> {
  const options = { abort: signal }
  return typeof verb === 'string' ? scenario[verb](options, deps) : verb(options, deps)
}

/**
 * Runs `up` or something else, and kills it as SIGKILL does once `when` says so of an event. Gives how many steps
 * were planned, and how many were done by then.
 */
export async function killedWhen(
  scenario: Scenario,
  when: (event: Event) => boolean,
  verb: Verb = 'up',
): Promise<{ planned: number; done: number }> {
  const victim = new KillSwitch(scenario.world, scenario.store)
  const run = start(scenario, verb, victim)
  const counts = { planned: 0, done: 0 }
  for await (const event of run) {
    if (event.type === 'planned') counts.planned = event.steps.length
    if (event.type === 'done' && !victim.signal.aborted) counts.done += 1
    if (when(event)) victim.kill()
  }
  await Promise.allSettled([run.result])
  return counts
}

/** Where in a request a run dies: before it is done, half way through an upload, or when it is done and not answered. */
export const MOMENTS = ['before', 'within', 'after'] as const
export type Moment = (typeof MOMENTS)[number]

/** Runs `up` or something else, and kills it in its n-th request that writes. Gives that request, if there were so many. */
export async function killedInWrite(
  scenario: Scenario,
  number: number,
  moment: Moment,
  verb: Verb = 'up',
): Promise<string | undefined> {
  const { world } = scenario
  const { hooks } = world
  const victim = new KillSwitch(world, scenario.store)
  let writes = 0
  let died: string | undefined
  let dying: SimCall | undefined
  world.hooks = {
    before(call) {
      if (!isWrite(call) || victim.signal.aborted) return
      writes += 1
      if (writes !== number) return
      died = callText(call)
      dying = call
      if (moment === 'before') {
        victim.kill()
        throw new Error('the request was never read')
      }
    },
    unpackLimit: (call) => (call === dying && moment === 'within' ? 5 : undefined),
    after(call) {
      hooks.after?.(call)
      if (call === dying) victim.kill()
    },
  }
  const run = start(scenario, verb, victim)
  await Promise.allSettled([run.result])
  world.hooks = hooks
  return died
}

/** PEM of the authorities that machines carry; without those that carry none. */
export function carriedAuthorities({ world }: Scenario): readonly string[] {
  return world.machines.flatMap(({ disk }) => disk.read(CA) ?? [])
}

/** The authority in the state. */
export async function storedAuthority({ store }: Scenario): Promise<string | undefined> {
  return (await store.load())?.state.desiredState.certificatesBundle?.['kube-ca']?.certificatePEM
}

/** Whatever happened: machines that carry an authority all have the state's. */
export async function expectOneAuthority(scenario: Scenario): Promise<void> {
  const stored = await storedAuthority(scenario)
  for (const carried of carriedAuthorities(scenario)) expect(carried).toBe(stored)
}

/** Goes on after a crash: at most `runs` times `up`, until nothing is left to do. */
export async function goOn(scenario: Scenario, runs = 2): Promise<void> {
  for (let run = 1; run <= runs; run++) {
    await scenario.up({ owner: 'tester@box:/cluster.yml' }).result
    if ((await scenario.plan()).steps.length === 0) return
  }
  const { steps } = await scenario.plan()
  expect(steps.map(({ id, because }) => `${id}: ${because.join('; ')}`)).toEqual([])
}

/** Goes on after a crash to the whole cluster, with the authority that is in the state by now. */
export async function expectToGoOn(scenario: Scenario): Promise<void> {
  const authority = await storedAuthority(scenario)
  expect(authority).toBeDefined()
  await expectSameCluster(scenario, authority)
  await goOn(scenario)
  await expectSameCluster(scenario, authority)
  expectTidy(scenario)
}

/** The state is there with this authority, and machines have no other. */
export async function expectSameCluster(scenario: Scenario, authority: string | undefined): Promise<void> {
  expect(await storedAuthority(scenario)).toBe(authority)
  await expectOneAuthority(scenario)
}

/** All machines hold what they should and nothing else of ours, and every addon's stored manifest was applied. */
export function expectTidy(scenario: Scenario): void {
  const { config, world, kube } = scenario
  const stored = kube
    .list('v1', 'ConfigMap', 'kube-system')
    .filter(({ metadata: { name } }) => name !== ROOT_CA)
    .map(({ metadata: { name }, data }: ConfigMap) => [name, data?.[name]] as const)
  expect(stored.length).toBeGreaterThan(2)
  expect(Object.fromEntries(kube.applied)).toEqual(Object.fromEntries(stored))
  const input = desiredInput(config, catalog, false)
  for (const node of config.nodes) {
    const machine = world.machine(node.address)
    const wanted = nodeContainers(input, node, ordinaryLinux)
    const found = machine.docker.containers
      .filter(({ name }) => !name.startsWith('k8s_'))
      .map(({ name, status }) => `${name} ${status}`)
      .sort()
    expect(found).toEqual(
      wanted.map(({ name, createdOnly }) => `${name} ${createdOnly ? 'created' : 'running'}`).sort(),
    )
    const links = wanted.filter(({ createdOnly }) => !createdOnly).map(({ name }) => linkOf(machine, name))
    expect(logLinks(machine)).toEqual(links.sort())
  }
}

function linkOf({ docker }: SimMachine, name: string): string {
  const id = docker.find(name).id
  return `${name}_${id}.log → /var/lib/docker/containers/${id}/${id}-json.log`
}

function logLinks({ disk }: SimMachine): readonly string[] {
  return disk.below(LOGS).map((path) => {
    const inode = disk.at(path)
    return `${path.slice(LOGS.length + 1)} → ${inode?.type === 'symlink' ? inode.target : inode?.type}`
  })
}
