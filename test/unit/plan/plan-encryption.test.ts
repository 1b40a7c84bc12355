import { describe, expect, it } from 'vitest'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import type { EncryptionStage, EncryptionWork } from '../../../src/plan/plan-input.ts'
import { Secret } from '../../../src/secret.ts'
import { config, desiredNodes } from '../fixture.ts'
import { planText, quiet } from './support.ts'

const stage = (text: string): EncryptionStage => ({
  text: new Secret(text),
  generated: false,
  because: `for ${text}`,
})

function planOf(encryption: EncryptionWork, changes: Parameters<typeof quiet>[0] = {}) {
  return planCluster(quiet({ stateChanges: ['secrets encryption changed'], encryption, ...changes }))
}

describe('a change of how Secrets are encrypted', () => {
  it('deploys one text after the other, and is applied when the last Secret is written anew', async () => {
    const plan = planOf({ before: [stage('a'), 'rewrite', stage('b')], after: [], removesFile: false })
    await expect(planText(plan)).toMatchFileSnapshot('golden/encryption-before.txt')
  })

  it('takes the file away when no API server looks at it any more', async () => {
    const plan = planOf({ before: [stage('a'), 'rewrite'], after: [], removesFile: true })
    await expect(planText(plan)).toMatchFileSnapshot('golden/encryption-off.txt')
  })

  it('comes before the control plane is changed, or between that and the workers', () => {
    const replaced = desiredNodes.map((desired) => ({
      ...desired,
      containers: desired.containers.map((spec) => ({ ...spec, args: [...spec.args, '--v=9'] })),
    }))
    const order = (encryption: EncryptionWork): readonly string[] =>
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
