import { expect, test } from 'vitest'
import { ids } from '../../../src/plan/model/ids.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { config } from '../fixture.ts'
import { MASTER } from './living-cluster.ts'
import { appliedTo, withNode } from './support.ts'

/** A cluster of this version is to become one of v1.30, on a machine with SELinux. */
function checksAfter(kubernetesVersion: string): boolean {
  const basis = withNode(MASTER, ({ facts }) => ({ facts: { ...facts, selinux: true } }))
  const { actions } = planCluster(appliedTo(basis, { ...config, kubernetesVersion }))
  return actions.some(({ id }) => id === ids.selinux(MASTER))
}

test('the SELinux type is asked for before containers get it that had none so far: from v1.22 on they have', () => {
  expect(checksAfter('v1.21.14-rancher1-1')).toBe(true)
  expect(checksAfter('v1.22.17-rancher1-2')).toBe(false)
  expect(checksAfter(config.kubernetesVersion)).toBe(false)
})
