import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { stepInfo } from '../../../src/actions/actions.ts'
import type { FileSpec } from '../../../src/desired/container-spec.ts'
import { runSteps } from '../../../src/engine/engine.ts'
import { HealthError } from '../../../src/errors.ts'
import type { Action } from '../../../src/plan/action.ts'
import { makePlan } from '../../../src/plan/model/plan.ts'
import { planStages, planStagesHealth, type StagedChange } from '../../../src/plan/staged/staged-change.ts'
import { stagesLeft } from '../../../src/plan/staged/stages-left.ts'
import { Secret } from '../../../src/secret.ts'
import { desiredNodes } from '../fixture.ts'
import { quiet } from './support.ts'

/** A CA that is replaced: all trust both, then all have certificates of the new one, then none trusts the old one. */
const TEXTS = ['before', 'trusts both', 'is of the new one', 'trusts the new one']
const CONTAINERS = ['kubelet', 'kube-proxy']

const fileOf = (text: string): FileSpec => ({
  path: '/etc/kubernetes/ssl/made-up.pem',
  mode: 0o600,
  content: new Secret(text),
})

const stages: StagedChange['stages'] = TEXTS.slice(1).map((text) => ({
  because: { kind: 'certificates-changed', names: ['made-up'] },
  turns: desiredNodes.map((desired) => ({ desired, files: [fileOf(text)], restarts: CONTAINERS })),
}))

const MACHINES = quiet().seen.machines

/** Machines with a file, and containers that read it when they start. Any two that serve must understand each other. */
class World {
  readonly files = new Map(desiredNodes.map(({ node }) => [node.address, 0]))
  readonly read = new Map<string, number>()
  readonly unhealthy = new Set<string>()
  done = 0
  starts = 0

  constructor() {
    for (const { node } of desiredNodes) {
      for (const name of CONTAINERS) this.read.set(`${node.address} ${name}`, 0)
    }
  }

  /** As they are observed. */
  get machines() {
    const machines = [...MACHINES].map(([address, machine]) => {
      const text = TEXTS[this.files.get(address) ?? 0] ?? ''
      const sha256 = createHash('sha256').update(text).digest('hex')
      const found = { mode: 0o600, uid: 0, gid: 0, size: text.length, sha256, certificate: 'whole' } as const
      return [address, { ...machine, files: new Map([[fileOf('').path, found]]) }] as const
    })
    return new Map(machines)
  }

  do(action: Action): void {
    const { node = '' } = action
    if (action.kind === 'files.upload') {
      this.files.set(node, TEXTS.indexOf(action.files[0]?.content.reveal() ?? ''))
    } else if (action.kind === 'container.restart') {
      this.starts += 1
      this.read.set(`${node} ${action.name}`, this.files.get(node) ?? 0)
    } else if (action.kind === 'service.health' && this.unhealthy.has(`${node} ${action.name}`)) {
      throw new HealthError(`${action.name} is not healthy`)
    }
    const all = [...this.read.values()]
    expect(Math.max(...all) - Math.min(...all), 'stages between containers').toBeLessThanOrEqual(1)
    this.done += 1
  }
}

/** Plans what is left and does it, with a kill before the step of that number: what runs ends, nothing else starts. */
async function run(world: World, killAt = Number.POSITIVE_INFINITY) {
  const change = { name: 'made-up', stages: stagesLeft(stages, world.machines) }
  const checks = planStagesHealth(change)
  const plan = makePlan([
    ...checks,
    ...planStages(
      change,
      checks.map(({ id }) => id),
    ),
  ])
  const kill = new AbortController()
  const end = world.done + killAt
  return runSteps({
    steps: plan.actions,
    info: stepInfo,
    emit: () => {},
    abort: kill.signal,
    run: async (action) => {
      if (world.done >= end) {
        kill.abort()
        return
      }
      world.do(action)
    },
  })
}

const isOver = (world: World): boolean =>
  [...world.read.values()].every((stage) => stage === TEXTS.length - 1)

describe('a change of a file in stages', () => {
  it('takes every container through every stage, none of them more than one ahead of another', async () => {
    const world = new World()
    expect((await run(world)).failed).toEqual([])
    expect(isOver(world)).toBe(true)
    expect(world.starts).toBe(stages.length * desiredNodes.length * CONTAINERS.length)
  })

  it('goes on after a kill at any of its steps, and loses no more than the stage that it was in', async () => {
    const whole = new World()
    await run(whole)
    for (let killAt = 0; killAt < whole.done; killAt += 1) {
      const world = new World()
      await run(world, killAt)
      expect(world.done).toBe(killAt)
      await run(world)
      expect(isOver(world), `killed before step ${killAt}`).toBe(true)
      expect(world.starts).toBeLessThanOrEqual((stages.length + 1) * desiredNodes.length * CONTAINERS.length)
    }
  })

  it('goes on after kills in every run', async () => {
    for (const every of [12, 17, 25]) {
      const world = new World()
      for (let runs = 0; runs < 20 && !isOver(world); runs += 1) await run(world, every + runs)
      expect(isOver(world), `a kill after ${every} steps`).toBe(true)
    }
  })

  it('finds what an interrupted run left below a prefix path', () => {
    const desired = desiredNodes.slice(0, 1).map((node) => ({ ...node, prefix: '/opt/rke' }))
    const path = `/opt/rke${fileOf('').path}`
    const below = TEXTS.slice(1).map((text) => ({
      because: { kind: 'certificates-changed' as const, names: ['made-up'] },
      turns: desired.map((node) => ({ desired: node, files: [{ ...fileOf(text), path }], restarts: [] })),
    }))
    const world = new World()
    for (const { node } of desired) world.files.set(node.address, 2)
    expect(stagesLeft(below, world.machines)).toEqual(below.slice(1))
  })

  it('is not begun while one of its containers is unhealthy', async () => {
    const world = new World()
    world.unhealthy.add('10.66.0.13 kube-proxy')
    const { failed } = await run(world)
    expect(failed.map(({ step }) => step.id)).toEqual(['node/10.66.0.13/made-up/0/health/kube-proxy'])
    expect([...world.files.values()]).toEqual([0, 0, 0])
  })

  it('stops at a container that does not become healthy, and the others stay within one stage of it', async () => {
    const world = new World()
    const { machines } = world
    const change = { name: 'made-up', stages: stagesLeft(stages, machines) }
    world.unhealthy.add('10.66.0.12 kubelet')
    const outcome = await runSteps({
      steps: makePlan(planStages(change, [])).actions,
      info: stepInfo,
      emit: () => {},
      run: async (action) => world.do(action),
    })
    expect(outcome.failed.map(({ step }) => step.id)).toEqual(['node/10.66.0.12/made-up/1/health/kubelet'])
    expect([...world.files.values()]).toEqual([1, 1, 0])
    world.unhealthy.clear()
    await run(world)
    expect(isOver(world)).toBe(true)
  })
})
