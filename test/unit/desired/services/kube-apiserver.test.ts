import { describe, expect, it } from 'vitest'
import { clusterOf, containerOf } from '../cluster.ts'

describe('the audit log', () => {
  it('leaves nothing behind in an API server when it is switched off', () => {
    const yaml = 'services: {kube-api: {audit_log: {enabled: false}}}'
    const { command, env, binds } = containerOf('kube-apiserver', { yaml })
    expect([...command, ...env, ...binds].filter((entry) => /audit/i.test(entry))).toEqual([])
  })
})

describe('authorization that is switched off', () => {
  it('needs an admission file of its own', () => {
    expect(() => clusterOf({ yaml: 'authorization: {mode: none}' })).toThrow('must be rbac')
  })
})
