import { expect, test } from 'vitest'
import { stepInfo } from '../../../../src/actions/actions.ts'
import { planJson } from '../../../../src/cli/output/plan-json.ts'
import { planText } from '../../../../src/cli/output/plan-text.ts'
import { makePlan } from '../../../../src/plan/model/plan.ts'
import { Secret } from '../../../../src/secret.ts'
import { etcd, health, network, pull } from '../fake-run.ts'

test('a plan for people: per node what and why, then a sum', async () => {
  await expect(planText([pull, etcd, health, network])).toMatchFileSnapshot('golden/plan.txt')
})

test('a plan without steps says that there is nothing to do', () => {
  expect(planText([])).toBe('Nothing to do: the cluster is as cluster.yml says.\n')
})

test('a plan for programs: its hash, and what waits for what; no content of files', async () => {
  const plan = makePlan([
    {
      id: 'node/10.0.0.1/image/tools',
      kind: 'image.pull',
      node: '10.0.0.1',
      image: 'tools',
      after: [],
      because: [{ kind: 'image-missing' }],
    },
    {
      id: 'node/10.0.0.1/files',
      kind: 'files.upload',
      node: '10.0.0.1',
      image: 'tools',
      folder: '/etc/kubernetes',
      files: [{ path: '/etc/kubernetes/ssl/kube-ca-key.pem', mode: 0o600, content: new Secret('PRIVATE') }],
      after: ['node/10.0.0.1/image/tools'],
      because: [{ kind: 'files', state: 'missing', paths: ['/etc/kubernetes/ssl/kube-ca-key.pem'] }],
    },
  ])
  const text = planJson({
    plan,
    steps: plan.actions.map(stepInfo),
    leftOut: ['addons_include: ./a.yml cannot be read: there is no such file'],
  })
  expect(text).not.toContain('PRIVATE')
  expect(JSON.parse(text).hash).toBe(plan.hash)
  await expect(text).toMatchFileSnapshot('golden/plan.json')
})
