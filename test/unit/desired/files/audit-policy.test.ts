import { describe, expect, it } from 'vitest'
import { type AuditPolicy, auditPolicyText } from '../../../../src/desired/files/audit-policy.ts'
import { md5 } from '../../../../src/desired/files/md5.ts'
import { cluster } from './cluster.ts'

const withPolicy = (policy: AuditPolicy): string =>
  auditPolicyText(
    cluster({ auditLog: { enabled: true, configuration: { maxAge: 0, maxBackup: 0, maxSize: 0, policy } } }),
  ) ?? ''
const head = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  metadata: { creationTimestamp: null },
} satisfies Partial<AuditPolicy>

describe('audit-policy.yaml', () => {
  it('logs the metadata of every request by default', () => {
    const text = auditPolicyText(cluster())
    expect(text).toBe(`apiVersion: audit.k8s.io/v1
kind: Policy
metadata:
  creationTimestamp: null
rules:
- level: Metadata
`)
    expect(md5(text ?? '')).toBe('856f426399fb14a50b78e721d15c168c')
  })

  it('is the configured policy, without what is empty in it', () => {
    const text = withPolicy({
      ...head,
      omitStages: ['RequestReceived'],
      rules: [
        { level: 'None', users: ['system:kube-proxy'], verbs: ['watch'], namespaces: [] },
        { level: 'Metadata', resources: [{ group: '', resources: ['secrets', 'configmaps'] }] },
        { level: 'Request' },
      ],
    })
    expect(md5(text)).toBe('7561bcd2964d963fdbab0a0245686286')
    expect(text).toHaveLength(272)
  })

  it('keeps a switch of a rule that is off, because it overrides that of the policy', () => {
    const rules = [{ level: 'None', omitManagedFields: false }]
    expect(withPolicy({ ...head, omitManagedFields: true, rules })).toContain(
      'omitManagedFields: true\nrules:\n- level: None\n  omitManagedFields: false\n',
    )
    expect(withPolicy({ ...head, omitManagedFields: false, rules: null })).toMatch(
      /creationTimestamp: null\nrules: null\n$/,
    )
  })

  it('does not exist without an audit log', () => {
    expect(auditPolicyText(cluster({ auditLog: { enabled: false } }))).toBeUndefined()
    expect(auditPolicyText(cluster({ auditLog: undefined }))).toBeUndefined()
  })
})
