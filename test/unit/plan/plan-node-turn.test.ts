import { describe, expect, it } from 'vitest'
import { CORDONED_ANNOTATION } from '../../../src/kube/objects/cordoned.ts'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { WORKER, waits, withOption } from './living-cluster.ts'
import { quiet, withKubeNode } from './support.ts'

const leftCordoned = (basis: PlanBasis, address: string): PlanBasis =>
  withKubeNode(basis, address, ({ annotations }) => ({
    annotations: { ...annotations, [CORDONED_ANNOTATION]: 'true' },
  }))

describe('a node that an interrupted run left cordoned', () => {
  it('is put back into scheduling once what serves its pods is well and the node is Ready', () => {
    const { actions } = planCluster(leftCordoned(quiet(), WORKER))
    const because = [{ kind: 'left-cordoned' }]
    expect(actions.map((action) => [action.id, action.because])).toEqual([
      [`node/${WORKER}/health/kubelet`, because],
      [`node/${WORKER}/health/kube-proxy`, because],
      [`node/${WORKER}/ready`, because],
      [`node/${WORKER}/uncordon`, because],
    ])
  })

  it('has its turn before others of its window, which wait until it is well', () => {
    const LAST = '10.66.0.13'
    const input = withOption(quiet(), 'kubelet')
    const { actions, windows } = planCluster(leftCordoned(input, LAST))
    const inWindow = actions.filter(({ window }) => window === 'workers')
    expect(windows.workers).toBe(1)
    expect([...new Set(inWindow.map(({ node }) => node))]).toEqual([LAST, WORKER])
    expect(waits(actions, `node/${LAST}/uncordon`, `node/${LAST}/health/kube-proxy`)).toBe(true)
  })
})
