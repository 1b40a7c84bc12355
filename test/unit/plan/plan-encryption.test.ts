import { describe, expect, it } from 'vitest'
import { providerFile } from '../../../src/desired/encryption/provider-file.ts'
import type { EncryptionStage, EncryptionWork } from '../../../src/plan/encryption/decide-encryption.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { Secret } from '../../../src/secret.ts'
import { config, desiredNodes } from '../fixture.ts'
import { emptyNode, healthyNode, planText, quiet, withMachine } from './support.ts'

const stage = (text: string): EncryptionStage => ({
  text: new Secret(text),
  generated: false,
  because: { kind: text === 'a' ? 'encrypt' : 'drop-old-keys' },
})

function planOf(
  given: Omit<EncryptionWork, 'resources'>,
  changes: Parameters<typeof quiet>[0] = {},
  resources: readonly string[] = ['secrets'],
) {
  const mark = new Secret('k8s:enc:aescbc:v1:b:')
  const stored = resources.map((resource) => ({ resource, mark, generated: true }))
  const work = { ...given, resources: stored }
  const { states, ...input } = quiet(changes)
  const { begun } = states
  const currentState = { ...begun.currentState, encryptionRewritePending: true as const }
  return planCluster({
    ...input,
    states: { ...states, begun: { ...begun, currentState } },
    encryption: { work, between: '', begun: {}, done: {} },
  })
}

describe('a change of how Secrets are encrypted', () => {
  it('deploys one text after the other, and is applied when the last Secret is written anew', async () => {
    const plan = planOf({ before: [stage('a'), 'rewrite', stage('b')], after: [], removesFile: false })
    await expect(planText(plan)).toMatchFileSnapshot('golden/encryption-before.txt')
  })

  it('looks in etcd where API servers keep objects, as they read their prefix', () => {
    const withPrefix = desiredNodes.map((desired) => ({
      ...desired,
      containers: desired.containers.map((one) =>
        one.name === 'kube-apiserver' ? { ...one, args: ['--etcd-prefix=kubernetes/'], command: [] } : one,
      ),
    }))
    const seen = { ...quiet({ nodes: withPrefix }).seen, etcd: { members: [], healthy: ['10.0.0.1'] } }
    const { actions } = planOf(
      { before: ['rewrite'], after: [], removesFile: false },
      { nodes: withPrefix, seen },
    )
    expect(actions.filter(({ kind }) => kind === 'encryption.verify')).toEqual([
      expect.objectContaining({ prefix: '/kubernetes' }),
    ])
  })

  it.each([
    ['/events#https://10.0.0.9:2379;https://10.0.0.8:2379,/secrets#https://10.0.0.9:2379', ['secrets']],
    ['coordination.k8s.io/leases#https://10.0.0.9:2379', []],
  ])('does not look there for what %s keeps in another etcd', (overrides, elsewhere) => {
    const args = [`--etcd-servers-overrides=${overrides}`]
    const nodes = desiredNodes.map((desired) => ({
      ...desired,
      containers: desired.containers.map((one) => (one.name === 'kube-apiserver' ? { ...one, args } : one)),
    }))
    const seen = { ...quiet({ nodes }).seen, etcd: { members: [], healthy: ['10.0.0.1'] } }
    const rewritten = (resources: readonly string[]) =>
      planOf(
        { before: ['rewrite'], after: [], removesFile: false },
        { nodes, seen },
        resources,
      ).actions.filter(({ kind }) => kind === 'encryption.verify')
    expect(rewritten(['secrets', 'configmaps'])).toEqual([expect.objectContaining({ elsewhere })])
    expect(rewritten(['secrets'])).toHaveLength(elsewhere.length === 0 ? 1 : 0)
  })

  it('takes the file away when no API server looks at it any more', async () => {
    const plan = planOf({ before: [stage('a'), 'rewrite'], after: [], removesFile: true })
    await expect(planText(plan)).toMatchFileSnapshot('golden/encryption-off.txt')
  })

  it('starts an API server again whose file was another one, since it may have other keys', () => {
    const [master] = desiredNodes
    if (master === undefined) throw new TypeError('no node')
    const { address } = master.node
    const file = providerFile('/', 'text')
    const withFile = { ...master, files: [...master.files, file] }
    const input = quiet({ nodes: [withFile, ...desiredNodes.slice(1)] })
    const node = input.seen.machines.get(address)
    if (node === undefined) throw new TypeError('not observed')
    const idsWith = (found: typeof node): readonly string[] =>
      planCluster(withMachine(input, found)).actions.map(({ id }) => id)
    expect(idsWith(node)).toContain(`node/${address}/restart/kube-apiserver`)
    expect(idsWith(healthyNode(withFile))).toEqual([])
  })

  it('takes in a control plane node that joins', () => {
    const [first, ...others] = desiredNodes
    if (first === undefined) throw new TypeError('no node')
    const joining = { ...first, node: { ...first.node, address: '10.66.0.19', hostnameOverride: 'nineteen' } }
    const plan = planOf(
      { before: [], after: [stage('a'), 'rewrite'], removesFile: false },
      {
        nodes: [first, joining, ...others],
        seen: withMachine(quiet(), emptyNode(joining)).seen,
      },
    )
    const ids = plan.actions.map(({ id }) => id)
    const keys = ids.indexOf('node/10.66.0.19/encryption/1/kube-apiserver')
    expect(keys).toBeGreaterThan(ids.indexOf('node/10.66.0.19/container/kube-proxy'))
    expect(keys).toBeGreaterThan(ids.indexOf('node/10.66.0.19/labels'))
  })

  it('comes before the control plane is changed, or between that and the workers', () => {
    const replaced = desiredNodes.map((desired) => ({
      ...desired,
      containers: desired.containers.map((spec) => ({ ...spec, args: [...spec.args, '--v=9'] })),
    }))
    const order = (encryption: Omit<EncryptionWork, 'resources'>): readonly string[] =>
      planOf(encryption, { nodes: replaced })
        .actions.map(({ id }) => id)
        .filter((id) => /encryption\/\d$|container\/(kube-apiserver|kubelet)$/.test(id))
    const [master = '', ...workers] = config.nodes.map(({ address }) => address)
    const ofMaster = ['kube-apiserver', 'kubelet'].map((name) => `node/${master}/container/${name}`)
    const ofWorkers = workers.map((address) => `node/${address}/container/kubelet`)
    const stages = [stage('a'), 'rewrite'] as const
    const ids = ['cluster/encryption/1', 'cluster/encryption/2']
    expect(order({ before: stages, after: [], removesFile: false })).toEqual([
      ...ids,
      ...ofMaster,
      ...ofWorkers,
    ])
    expect(order({ before: [], after: stages, removesFile: false })).toEqual([
      ...ofMaster,
      ...ids,
      ...ofWorkers,
    ])
  })
})
