import { beforeEach, describe, expect, it } from 'vitest'
import { planText } from '../../../src/cli/output/plan-text.ts'
import {
  type RecoverQuorumOptions,
  type RecoverQuorumResult,
  recoverQuorum,
} from '../../../src/operations/snapshots/recover-quorum.ts'
import type { Deps } from '../../../src/session/deps.ts'
import { callText, isWrite, type SimCall } from '../../sim/calls.ts'
import { KillSwitch } from '../../sim/kill-switch.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { cluster } from './clusters.ts'
import { Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const THREE = cluster({ 11: ALL, 12: ALL, 13: ALL })
const REPLACED = cluster({ 11: ALL, 14: ALL, 15: ALL })
const [A, B, C] = ['10.66.0.11', '10.66.0.12', '10.66.0.13']
const DATA = '/var/lib/etcd'

let scenario: Scenario

beforeEach(async () => {
  scenario = await Scenario.up(THREE, cluster({ 11: ALL, 12: ALL, 13: ALL, 14: ALL, 15: ALL }))
})

describe('two of three machines are lost for good', () => {
  beforeEach(() => {
    machine(B).powerOff()
    machine(C).powerOff()
  })

  it('etcd goes on with the one that is left, and up with two new machines makes three of it', async () => {
    const objects = kubeOn(A).size
    const result = await recover()
    expect(result.chosen).toBe(A)
    expect(members(A)).toEqual([A])
    expect(kubeOn(A).size).toBe(objects)
    const larger = scenario.with(REPLACED)
    await larger.up().result
    expect(members(A)).toEqual([A, '10.66.0.14', '10.66.0.15'])
    expect((await larger.plan()).steps).toEqual([])
  })

  it('the data of before is kept until it is discarded, which is refused while members are missing', async () => {
    await recover()
    expect(kept(A)).toEqual(['before-recover-20260101T000000Z'])
    await expect(recover({ discard: true })).rejects.toThrow(`etcd is not healthy on ${B}, ${C}`)
    scenario = scenario.with(REPLACED)
    await scenario.up().result
    expect(kept(A)).toHaveLength(1)
    await recover({ discard: true })
    expect(kept(A)).toEqual([])
  })

  it('a dry run changes nothing, and says what it found', async () => {
    scenario.writes()
    const { members: found } = await recover({ dryRun: true })
    expect(found.map(({ found }) => found)).toEqual([
      expect.objectContaining({ kind: 'etcd-data', member: 'without-quorum' }),
      { kind: 'etcd-data-unusable', why: 'unreachable' },
      { kind: 'etcd-data-unusable', why: 'unreachable' },
    ])
    expect(machine(A).docker.containers.map(({ name }) => name)).not.toContain('etcd-data-reader')
    expect(kept(A)).toEqual([])
  })
})

describe('a machine is lost for good, and the data of another one is damaged', () => {
  beforeEach(() => {
    machine(C).powerOff()
    machine(B).docker.stop('etcd')
    machine(B).disk.write(`${DATA}/member/snap/db`, 'torn', 0o600)
  })

  it('etcd goes on with the third; the damaged data is set aside, and up brings its member back', async () => {
    const { chosen, members: found } = await recover()
    expect(chosen).toBe(A)
    expect(found[1]?.found).toMatchObject({ kind: 'etcd-data-damaged' })
    expect(names(B)).not.toContain('etcd')
    expect(kept(B)).toHaveLength(1)
    await scenario.with(cluster({ 11: ALL, 12: ALL })).up().result
    expect(members(A)).toEqual([A, B])
    expect(kept(B)).toHaveLength(1)
  })

  it('is shown before it is done: what each node has, and why each step is needed', async () => {
    const { steps } = await recover({ dryRun: true })
    const text = planText(steps, 'rke etcd recover').replaceAll(/(index|revision) \d+/g, '$1 …')
    await expect(text).toMatchFileSnapshot('golden/recover.txt')
  })

  it('images with tools that are on no node any more are pulled', async () => {
    for (const { docker } of [machine(A), machine(B)]) {
      for (const image of [...docker.images.keys()])
        if (image.includes('rke-tools')) docker.images.delete(image)
    }
    await recover()
    expect(members(A)).toEqual([A])
    expect([A, B].map((address) => kept(address).length)).toEqual([1, 1])
  })

  it('the damaged data cannot be chosen', async () => {
    await expect(recover({ from: B })).rejects.toThrow(`the data of ${B} cannot be used: its data is damaged`)
  })

  it('nothing is done if the plan is not confirmed', async () => {
    scenario.writes()
    await expect(recover({ confirm: async () => false })).rejects.toThrow('not confirmed')
    expect(members(A)).toEqual([A, B, C])
    expect(kept(A)).toEqual([])
  })

  it('killed in a request that changes something, the next run goes on, and no data is lost', {
    timeout: 120_000,
  }, async () => {
    const [before, beforeB] = [identity(A, 'member'), identity(B, 'member')]
    const origin = scenario
    // The first twenty are those of the helpers that read. An odd step reaches moments before and after requests.
    for (let number = 21; ; number += 5) {
      scenario = new Scenario(origin.config, origin.world.copy(), await origin.store.copy())
      const died = await killedIn(number)
      if (died === undefined) break
      const again = await recover().catch((thrown: unknown) => thrown)
      if (again instanceof Error) {
        // In its very last requests there is nothing left to go on with: the up that follows removes the helper.
        expect(again.message, died).toMatch('etcd has a quorum')
        await scenario.with(cluster({ 11: ALL, 12: ALL })).up().result
      }
      expect(members(A), died).toEqual(again instanceof Error ? [A, B] : [A])
      expect(
        kept(A).map((name) => identity(A, `${name}/member`)),
        died,
      ).toEqual([before])
      expect(
        kept(B).map((name) => identity(B, `${name}/member`)),
        died,
      ).toEqual([beforeB])
      expect(
        [...names(A), ...names(B)].filter((name) => name.startsWith('etcd-data')),
        died,
      ).toEqual([])
      expect(names(A), died).not.toContain('etcd-recover')
    }
  })
})

describe('data of three machines of which none runs etcd', () => {
  beforeEach(() => {
    for (const address of [A, B, C]) machine(address).docker.stop('etcd')
  })

  it('is no case for a recovery: up starts them', async () => {
    await expect(recover()).rejects.toThrow('3 of 3 etcd members have their data')
    await scenario.up().result
    expect(members(A)).toEqual([A, B, C])
  })

  it('the one with the highest revision is chosen, if the others are lost', async () => {
    machine(C).powerOff()
    machine(A).disk.remove(`${DATA}/member`)
    const { chosen, members: found } = await recover()
    expect(chosen).toBe(B)
    expect(found[0]?.found).toEqual({ kind: 'etcd-data-unusable', why: 'no-data' })
    expect(members(B)).toEqual([B])
  })

  it('another one is chosen by its address, whatever the others have', async () => {
    const { chosen } = await recover({ from: C })
    expect(chosen).toBe(C)
    expect(members(C)).toEqual([C])
    expect([A, B].map((address) => kept(address).length)).toEqual([1, 1])
    await scenario.up().result
    expect(members(C)).toEqual([A, B, C])
    expect((await scenario.plan()).steps).toEqual([])
    await recover({ discard: true })
    expect([A, B, C].flatMap(kept)).toEqual([])
  })
})

describe('a recovery is killed in which enough others have their data to be a quorum', () => {
  beforeEach(() => {
    for (const address of [A, B, C]) machine(address).docker.stop('etcd')
  })

  it('up starts none of them, and the recovery goes on with the data that was chosen', {
    timeout: 120_000,
  }, async () => {
    const origin = scenario
    let refused = 0
    for (const number of [35, 51]) {
      scenario = new Scenario(origin.config, origin.world.copy(), await origin.store.copy())
      const died = await killedIn(number, { from: C })
      if ((await scenario.store.load())?.state.recovering !== undefined) {
        refused += 1
        await expect(scenario.up().result, died).rejects.toThrow(`recovered from the data of ${C} since`)
        await expect(scenario.save({ name: 's1' }).result, died).rejects.toThrow('is being recovered')
        await recover()
        expect(members(C), died).toEqual([C])
      }
      await scenario.up().result
      expect(members(A), died).toEqual([A, B, C])
      const ids = [A, B, C].map((address) => machine(address).etcd?.cluster.id)
      expect(new Set(ids).size, died).toBe(1)
      expect((await scenario.store.load())?.state.recovering, died).toBeUndefined()
    }
    expect(refused).toBeGreaterThan(0)
  })
})

it('a cluster with a quorum is left alone', async () => {
  machine(C).powerOff()
  scenario.writes()
  await expect(recover()).rejects.toThrow(`etcd has a quorum, and is healthy on ${A}, ${B}`)
  expect(members(A)).toEqual([A, B, C])
})

it('where all control plane nodes are lost as well, etcd is recovered and the API is left to up', async () => {
  const mixed = cluster({ 11: 'etcd', 12: 'etcd', 13: 'etcd', 14: 'controlplane, worker' })
  scenario = await Scenario.up(mixed, cluster({ 11: ALL, 12: ALL, 13: ALL, 14: ALL, 15: ALL }))
  for (const address of [B, C, '10.66.0.14']) machine(address).powerOff()
  const { steps } = await recover()
  expect(steps.map(({ kind }) => kind)).not.toContain('api.serves')
  expect(members(A)).toEqual([A])
  await scenario.with(cluster({ 11: 'etcd', 15: 'controlplane, worker' })).up().result
})

it('without a state there is nothing to ask etcd with', async () => {
  await expect(recover({}, { store: new WatchedStore() })).rejects.toThrow('there is no state file')
})

/** Kills a recovery in its n-th request that writes, before or after it is done. Gives that request, if there were so many. */
async function killedIn(number: number, options: RecoverQuorumOptions = {}): Promise<string | undefined> {
  const { world, store } = scenario
  const victim = new KillSwitch(world, store)
  let writes = 0
  let died: string | undefined
  const strike = (call: SimCall, late: boolean): void => {
    if (late !== (number % 2 === 0) || !isWrite(call) || victim.signal.aborted) return
    writes += 1
    if (writes !== Math.ceil(number / 2)) return
    died = `${late ? 'after' : 'before'} ${callText(call)}`
    victim.kill()
    if (!late) throw new Error('the request was never read')
  }
  world.hooks = { before: (call) => strike(call, false), after: (call) => strike(call, true) }
  const deps = { ...scenario.deps, ...victim.deps }
  const run = recoverQuorum(scenario.config, deps, { ...options, abort: victim.signal })
  await Promise.allSettled([run.result])
  world.hooks = {}
  return died
}

function identity(address: string, folder: string): string | undefined {
  return machine(address).disk.read(`${DATA}/${folder}/identity`)
}

const names = (address: string): readonly string[] =>
  machine(address).docker.containers.map(({ name }) => name)

async function recover(
  options: RecoverQuorumOptions = {},
  deps: Partial<Deps> = {},
): Promise<RecoverQuorumResult> {
  return recoverQuorum(scenario.config, { ...scenario.deps, ...deps }, options).result
}

function machine(address: string): SimMachine {
  return scenario.world.machine(address)
}

function kubeOn(address: string) {
  const store = machine(address).etcd?.cluster.kube
  if (store === undefined) throw new TypeError(`etcd does not run on ${address}`)
  return store
}

/** Folders that recoveries have left in etcd's data directory. */
function kept(address: string): readonly string[] {
  const names = machine(address)
    .disk.below(DATA)
    .map((path) => path.slice(DATA.length + 1).split('/')[0] ?? '')
  return [...new Set(names)].filter((name) => name.startsWith('before-'))
}

function members(address: string): readonly string[] {
  const all = machine(address).etcd?.cluster.members ?? []
  return all.map(({ peerUrl }) => new URL(peerUrl).hostname).sort()
}
