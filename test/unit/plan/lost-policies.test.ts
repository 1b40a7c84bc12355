import { expect, test } from 'vitest'
import { refuseLostPolicies } from '../../../src/plan/checks/lost-policies.ts'
import { decide } from '../../../src/plan/decide.ts'
import type { PlanOptions } from '../../../src/plan/model/plan-options.ts'
import { quiet } from './support.ts'

const policy = (name: string) => ({ object: `PodSecurityPolicy ${name}`, apiVersion: 'policy/v1beta1' })
const OF_RKE = ['default-psp', 'psp.flannel.unprivileged'].map(policy)
const ingress = {
  object: 'Ingress shop/a',
  apiVersion: 'extensions/v1beta1',
  instead: 'networking.k8s.io/v1',
}

test('policies that RKE did not make stop the step to a version without them, with their names and the way on', () => {
  const removed = [...OF_RKE, ingress, policy('restricted'), policy('ci')]
  const refused = expect.objectContaining({
    message: expect.stringMatching(/no PodSecurityPolicy any more, and the cluster has restricted, ci/),
    hint: expect.stringMatching(/delete podsecuritypolicy restricted ci".*--ignore-pod-security-policies/),
    untouched: true,
  })
  const to = { kubernetesVersion: 'v1.25.16-rancher2-3' }
  expect(() => refuseLostPolicies(to, { removed }, {})).toThrow(refused)
  expect(() => refuseLostPolicies(to, { removed }, { ignorePodSecurityPolicies: true })).not.toThrow()
  expect(() => refuseLostPolicies(to, { removed: [...OF_RKE, ingress] }, {})).not.toThrow()
  expect(() => refuseLostPolicies(to, undefined, {})).not.toThrow()
})

test('a plan is refused for them, unless it is asked for', () => {
  const basis = quiet()
  const { kube } = basis.seen
  if (kube === undefined) throw new TypeError('the API answers')
  const seen = { ...basis.seen, kube: { ...kube, removed: [policy('restricted')] } }
  const planned = (options: PlanOptions) => decide({ ...basis, seen, options })
  expect(() => planned({})).toThrow('and the cluster has restricted')
  expect(() => planned({ ignorePodSecurityPolicies: true })).not.toThrow()
})
