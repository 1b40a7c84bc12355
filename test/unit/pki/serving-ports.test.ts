import { expect, test } from 'vitest'
import { servingPorts } from '../../../src/session/certificates/serving-ports.ts'
import { ONE_NODE } from '../operations/clusters.ts'
import { configOf } from '../operations/support.ts'

const shownFor = (services: string): readonly string[] => {
  const config = configOf(`${ONE_NODE}\nservices:\n${services}`)
  return config.nodes.flatMap((node) =>
    servingPorts(node, config).map(
      ({ component, host, port, certificate = 'own' }) => `${component} ${host}:${port} ${certificate}`,
    ),
  )
}

test('components are asked where they listen, and for the cluster certificate only where their flags name no other', () => {
  const shown = shownFor(`
  kubelet:
    generate_serving_certificate: true
    extra_args: {address: 10.66.0.11, port: '10350'}
  kube-api:
    extra_args: {bind-address: '::', secure-port: '6444', tls-cert-file: /etc/kubernetes/own.pem}
  kube-controller:
    extra_args_array: {bind-address: [10.66.0.11]}
  etcd:
    extra_args: {cert-file: /etc/kubernetes/etcd.pem}
`)
  expect(shown).toEqual([
    'etcd 10.66.0.11:2379 own',
    'etcd 10.66.0.11:2380 kube-etcd-10-66-0-11',
    'kube-apiserver 127.0.0.1:6444 own',
    'kube-controller-manager 10.66.0.11:10257 own',
    'kube-scheduler 127.0.0.1:10259 own',
    'kubelet 10.66.0.11:10350 kube-kubelet-10-66-0-11',
  ])
})

test('etcd is asked at the URLs that it is given, each port once, and not where it serves without TLS', () => {
  const shown = shownFor(`
  etcd:
    extra_args:
      listen-client-urls: 'https://127.0.0.1:3379,https://10.66.0.11:3379,http://127.0.0.1:3381'
      listen-peer-urls: 'https://[::]:3380'
`)
  expect(shown.filter((line) => line.startsWith('etcd'))).toEqual([
    'etcd 127.0.0.1:3379 kube-etcd-10-66-0-11',
    'etcd 10.66.0.11:3380 kube-etcd-10-66-0-11',
  ])
})

test('a component that serves no TLS is not asked', () => {
  const shown = shownFor(`
  kube-controller: {extra_args: {secure-port: '0'}}
  scheduler: {extra_args: {secure-port: '0'}}
`)
  expect(shown.map((line) => line.split(' ')[0])).toEqual(['etcd', 'etcd', 'kube-apiserver', 'kubelet'])
})
