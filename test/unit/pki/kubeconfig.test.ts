import { expect, test } from 'vitest'
import { adminKubeconfig, nodeKubeconfig } from '../../../src/pki/distribution/kubeconfig.ts'
import { readKubeconfig } from '../../../src/pki/distribution/read-kubeconfig.ts'
import { entryIn, observedState } from './support.ts'

const bundle = observedState().desiredState.certificatesBundle

test.each([
  'kube-node',
  'kube-proxy',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-apiserver-proxy-client',
  'kube-apiserver-requestheader-ca',
])('the kubeconfig of %s is letter for letter the original program’s', (name) => {
  expect(nodeKubeconfig(name)).toBe(entryIn(bundle, name).config)
})

test('the administrator’s kubeconfig is letter for letter the original program’s', () => {
  const text = adminKubeconfig('10.66.0.11', 'local', {
    caPem: entryIn(bundle, 'kube-ca').certificatePEM,
    certificatePem: entryIn(bundle, 'kube-admin').certificatePEM,
    keyPem: 'K',
  })
  expect(text.replace('client-key-data: Sw==', 'client-key-data: <private key>')).toBe(
    entryIn(bundle, 'kube-admin').config,
  )
})

test('cluster, context and user carry the cluster’s name', () => {
  const text = adminKubeconfig('a.example.com', 'blue', { caPem: '', certificatePem: '', keyPem: '' })
  expect(text).toContain('server: "https://a.example.com:6443"')
  expect(text).toContain('current-context: "blue"')
  expect(text).toContain('- name: "kube-admin-blue"')
})

test('an IPv6 server address stands in brackets', () => {
  const text = adminKubeconfig('fd00::1', 'local', { caPem: '', certificatePem: '', keyPem: '' })
  expect(text).toContain('server: "https://[fd00::1]:6443"')
})

test('a kubeconfig of any layout that kubectl takes is read', () => {
  const pem = (text: string) => Buffer.from(text).toString('base64')
  const text = `apiVersion: v1
kind: Config
clusters: [{
  name: here, cluster: {
  certificate-authority-data: ${pem('ca')},
  server: "https://10.0.0.1:6443"
}}]
contexts: [
{name: c, context: {cluster: here, user: admin}}
]
users:
- name: admin
  user: {
  client-certificate-data: '${pem('cert')}',
  client-key-data: ${pem('key')}
  }
current-context: c
`
  const { key, ...access } = readKubeconfig(text, 'k.yml')
  expect(access).toEqual({ host: '10.0.0.1', port: 6443, ca: 'ca', cert: 'cert' })
  expect(key.reveal()).toBe('key')
})
