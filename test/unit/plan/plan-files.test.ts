import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { desiredInput, desiredNodes } from '../../../src/desired/desired-cluster.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { planFiles } from '../../../src/plan/node/files/plan-files.ts'
import { catalog } from '../fixture.ts'
import { healthyNode } from './support.ts'

const POLICY = '/etc/kubernetes/audit-policy.yaml'

/** Files that are written on a node whose audit policy is another one, or is not there. */
function writtenWith(auditLog: string, policy: 'other' | 'missing'): readonly string[] {
  const yaml = `nodes: [{address: 1.2.3.4, user: u, role: [controlplane, etcd, worker]}]
services: {kube-api: {audit_log: ${auditLog}}}`
  const { config } = loadConfig(yaml, 'cluster.yml', catalog)
  const material = {
    bundle: {},
    generated: new Set<string>(),
    encryptionConfig: undefined,
    encryptionGenerated: false,
  }
  const [node] = config.nodes
  if (node === undefined) throw new TypeError('no node')
  const desired = desiredNodes(desiredInput(config, catalog, false), material)(node, ordinaryLinux)
  const observed = healthyNode(desired)
  const files = new Map(observed.files)
  const found = files.get(POLICY)
  files.delete(POLICY)
  if (policy === 'other' && found !== undefined) files.set(POLICY, { ...found, sha256: 'another' })
  const uploads = planFiles(desired, { ...observed, files }, { forced: true, gates: [] })
  return uploads.flatMap((upload) => upload.files).map(({ path }) => path)
}

describe('the audit policy on a node', () => {
  it('is replaced if it is another one than the log wants', () => {
    expect(writtenWith('{enabled: true}', 'other')).toEqual([POLICY])
  })

  it('stays, whatever it holds, where the log is switched off and has a configuration', () => {
    expect(writtenWith('{configuration: {max_age: 1}}', 'other')).toEqual([])
  })

  it('is written there if it is missing, for the API server is given its path', () => {
    expect(writtenWith('{configuration: {max_age: 1}}', 'missing')).toEqual([POLICY])
    expect(writtenWith('{enabled: false}', 'missing')).toEqual([])
  })
})
