import { expect, test } from 'vitest'
import { newEntry } from '../../../src/pki/encoding/entry.ts'
import {
  csrFileName,
  etcdCertificateName,
  kubeletCertificateName,
} from '../../../src/pki/inventory/certificate-names.ts'
import { node } from './support.ts'

test('a node certificate is named after the internal address', () => {
  expect(etcdCertificateName(node('203.0.113.11', [], { internalAddress: '10.0.0.11' }))).toBe(
    'kube-etcd-10-0-0-11',
  )
})

test('without an internal address, the address counts, in lower case', () => {
  const named = node('Node.Example.COM', [], { internalAddress: '' })
  expect(kubeletCertificateName(named)).toBe('kube-kubelet-node-example-com')
})

test('paths and variable names follow from the certificate name', () => {
  expect(newEntry('kube-etcd-10-0-0-11', 'C', 'K')).toEqual({
    certificatePEM: 'C',
    keyPEM: 'K',
    config: '',
    name: 'kube-etcd-10-0-0-11',
    commonName: 'system:kube-etcd-10-0-0-11',
    ouName: '',
    envName: 'KUBE_ETCD_10_0_0_11',
    path: '/etc/kubernetes/ssl/kube-etcd-10-0-0-11.pem',
    keyEnvName: 'KUBE_ETCD_10_0_0_11_KEY',
    keyPath: '/etc/kubernetes/ssl/kube-etcd-10-0-0-11-key.pem',
    configEnvName: '',
    configPath: '',
  })
  expect(csrFileName('kube-etcd-10-0-0-11')).toBe('kube-etcd-10-0-0-11-csr.pem')
})
