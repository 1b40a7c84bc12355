import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ClusterConfig, ClusterNode } from '../../../../src/config/cluster-config.ts'
import {
  escapesWrittenLiterally,
  fileChecksums,
  nodeFiles,
} from '../../../../src/desired/files/node-files.ts'
import { cluster, nodeWith } from './cluster.ts'

const control = nodeWith('controlplane', 'etcd')
const worker = nodeWith('worker')
const everything = cluster(
  {},
  {
    cloudProvider: { name: 'mine', customCloudProvider: 'cloud' },
    authentication: { strategy: 'x509|webhook', sans: [], webhook: {} },
  },
)
const files = (config: ClusterConfig, node: ClusterNode, encryptionConfig = '', prefix = '/') =>
  nodeFiles({ config, node, prefix, encryptionConfig })
const paths = (...given: Parameters<typeof files>) => files(...given).map(({ path }) => path)
const content = (name: string, ...given: Parameters<typeof files>) =>
  files(...given)
    .find(({ path }) => path.endsWith(name))
    ?.content.reveal()

describe('files of a node', () => {
  it('are all five on a control plane node, in the order in which they are written', () => {
    expect(paths(everything, control, 'text')).toEqual([
      '/etc/kubernetes/cloud-config',
      '/etc/kubernetes/kube-api-authn-webhook.yaml',
      '/etc/kubernetes/ssl/encryption.yaml',
      '/etc/kubernetes/admission.yaml',
      '/etc/kubernetes/audit-policy.yaml',
    ])
  })

  it('are two on the others', () => {
    expect(paths(everything, worker, 'text')).toEqual([
      '/etc/kubernetes/cloud-config',
      '/etc/kubernetes/kube-api-authn-webhook.yaml',
    ])
    expect(paths(cluster(), worker)).toEqual([])
  })

  it('are those that the original program left on a control plane node', () => {
    const left = readFileSync(
      new URL('../../../fixtures/mixed-roles/files-10.66.0.11.txt', import.meta.url),
      'utf8',
    )
    const beside = [...left.matchAll(/(\S+) (\d+:\d+) f (\/etc\/kubernetes\/[^/\n]+)$/gm)]
    const made = files(cluster(), control).map(({ path, mode, uid, gid }) => [mode, `${uid}:${gid}`, path])
    expect(made).toEqual(beside.map(([, , owner, path]) => [0o600, owner, path]))
    expect(beside.map(([, mode]) => mode)).toEqual(['-rw-------', '-rw-------'])
  })

  it("lie below the node's prefix path", () => {
    expect(paths(cluster(), control, '', '/opt/rke')).toEqual([
      '/opt/rke/etc/kubernetes/admission.yaml',
      '/opt/rke/etc/kubernetes/audit-policy.yaml',
    ])
  })

  it('have one more line break than their text, also when that is empty', () => {
    expect(content('encryption.yaml', everything, control, 'text')).toBe('text\n')
    expect(content('cloud-config', everything, control)).toBe('cloud\n')
    expect(content('cloud-config', cluster({}, { cloudProvider: { name: 'external' } }), worker)).toBe('\n')
    expect(content('audit-policy.yaml', cluster(), control)).toMatch(/Metadata\n\n$/)
    expect(content('admission.yaml', cluster(), control)).toHaveLength(504)
  })

  it('do not show what is in them', () => {
    const shown = JSON.stringify(files(everything, control, 'the key'))
    expect(shown).not.toContain('the key')
  })

  it('have the default webhook with its empty first line, or the configured one as it is', () => {
    const webhook = content('webhook.yaml', everything, worker) ?? ''
    expect(webhook).toMatch(/^\napiVersion: v1\nkind: Config\n/)
    expect(webhook).toMatch(/ {4}server: http:\/\/127\.0\.0\.1:6440\/v1\/authenticate\n/)
    expect(webhook).toMatch(/ {4}cluster: Default\n\n$/)
    const own = { ...everything.authentication, webhook: { configFile: 'own' } }
    expect(content('webhook.yaml', { ...everything, authentication: own }, worker)).toBe('own\n')
  })

  it('leave out what extra arguments put elsewhere', () => {
    const extraArgs = { 'admission-control-config-file': '/a', 'audit-policy-file': '/b' }
    expect(paths(cluster({ extraArgs }), control)).toEqual([])
  })

  it('keep backslashes, and it is known where the original did not', () => {
    const plain = cluster({}, { cloudProvider: { name: 'x', customCloudProvider: 'CORP\\user' } })
    const risky = cluster({}, { cloudProvider: { name: 'x', customCloudProvider: 'CORP\\admin' } })
    expect(content('cloud-config', risky, worker)).toBe('CORP\\admin\n')
    expect(escapesWrittenLiterally({ config: risky, node: worker, prefix: '/' })).toEqual([
      '/etc/kubernetes/cloud-config',
    ])
    expect(escapesWrittenLiterally({ config: plain, node: worker, prefix: '/' })).toEqual([])
  })
})

describe('checksums', () => {
  it('are those that running API servers were given', () => {
    expect(fileChecksums(cluster())).toEqual({
      admission: '69ff71a7958fe5108686fd89fcbff80d',
      auditPolicy: '856f426399fb14a50b78e721d15c168c',
    })
  })

  it('exist for an empty cloud configuration, as soon as a provider is named', () => {
    const config = cluster({}, { cloudProvider: { name: 'external' } })
    expect(fileChecksums(config).cloudConfig).toBe('d41d8cd98f00b204e9800998ecf8427e')
  })

  it('follow the audit log even where its policy lies elsewhere, but not a foreign admission file', () => {
    const extraArgs = { 'admission-control-config-file': '/a', 'audit-policy-file': '/b' }
    expect(fileChecksums(cluster({ extraArgs }))).toEqual({ auditPolicy: '856f426399fb14a50b78e721d15c168c' })
    expect(fileChecksums(cluster({ extraArgs, auditLog: { enabled: false } }))).toEqual({})
  })
})
