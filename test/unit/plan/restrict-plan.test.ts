import { describe, expect, it } from 'vitest'
import { makePlan } from '../../../src/plan/model/plan.ts'
import { restrictPlan } from '../../../src/plan/model/restrict-plan.ts'
import { Secret } from '../../../src/secret.ts'

const remove = (node: string, name: string, after: string[] = []) =>
  ({
    kind: 'container.remove',
    id: `node/${node}/leftover/${name}`,
    node,
    name,
    because: [],
    after,
  }) as const
const commit = (after: string[]) =>
  ({
    kind: 'state.commit',
    id: 'cluster/state',
    applied: new Secret({}),
    digest: '',
    because: [],
    after,
  }) as const

describe('restrictPlan', () => {
  it('keeps what is on the chosen nodes, and of the cluster what needs nothing else', () => {
    const plan = makePlan([remove('a', 'x'), remove('b', 'y'), commit(['node/a/leftover/x'])])
    const ids = restrictPlan(plan, new Set(['a']), { strict: true }).actions.map(({ id }) => id)
    expect(ids).toEqual(['node/a/leftover/x', 'cluster/state'])
  })

  it('records what is applied when all chosen nodes are done, as they count as new until then', () => {
    const plan = makePlan([commit([]), remove('a', 'x'), remove('b', 'y')])
    expect(restrictPlan(plan, new Set(['a']), { strict: true }).actions.map(({ id }) => id)).toEqual([
      'node/a/leftover/x',
      'cluster/state',
    ])
  })

  it('leaves out what would record as applied what is not', () => {
    const plan = makePlan([remove('a', 'x'), remove('b', 'y'), commit(['node/b/leftover/y'])])
    expect(restrictPlan(plan, new Set(['a']), { strict: true }).actions.map(({ id }) => id)).toEqual([
      'node/a/leftover/x',
    ])
  })

  it('refuses to do on a chosen node what must wait for another one', () => {
    const plan = makePlan([remove('b', 'y'), remove('a', 'x', ['node/b/leftover/y'])])
    expect(() => restrictPlan(plan, new Set(['a']), { strict: true })).toThrow(
      /must wait for node\/b\/leftover\/y on b/,
    )
  })

  it('does not wait for images on other nodes', () => {
    const pull = {
      kind: 'image.pull',
      id: 'node/b/image/i',
      node: 'b',
      image: 'i',
      because: [],
      after: [],
    } as const
    const plan = makePlan([pull, remove('a', 'x', [pull.id])])
    const { actions } = restrictPlan(plan, new Set(['a']), { strict: true })
    expect(actions.map(({ id, after }) => [id, after])).toEqual([['node/a/leftover/x', []]])
  })

  it('asks another node whether it is well, where nothing is changed on it', () => {
    const url = 'https://localhost:6443/healthz'
    const check = {
      kind: 'service.health',
      id: 'node/b/health/kube-apiserver',
      node: 'b',
      name: 'kube-apiserver',
      check: { url, success: 'status' },
      interruptible: true,
      because: [],
    } as const
    const idsOf = (after: readonly string[]): readonly string[] => {
      const actions = [remove('b', 'y'), { ...check, after }, remove('a', 'x', [check.id])]
      return restrictPlan(makePlan(actions), new Set(['a']), { strict: true }).actions.map(({ id }) => id)
    }
    expect(idsOf([])).toEqual([check.id, 'node/a/leftover/x'])
    expect(() => idsOf(['node/b/leftover/y'])).toThrow(/must wait for node\/b\/health\/kube-apiserver on b/)
  })

  it('keeps the order of the chosen nodes, also where it went by way of another one', () => {
    const ids = (name: string): string => `node/${name}/leftover/x`
    const plan = makePlan([remove('a', 'x'), remove('b', 'x', [ids('a')]), remove('c', 'x', [ids('b')])])
    const { actions } = restrictPlan(plan, new Set(['a', 'c']), { strict: false })
    expect(actions.map(({ id, after }) => [id, after])).toEqual([
      [ids('a'), []],
      [ids('c'), [ids('a')]],
    ])
  })
})
