import { expect, test } from 'vitest'
import { ConfigError } from '../../../src/errors.ts'
import { apiServerSans, etcdSans, nodeSans, serviceIps } from '../../../src/pki/issue/sans.ts'
import { configOf, node } from './support.ts'

const KUBERNETES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]

test('the API server is named after its nodes, then the extra names, then the services', () => {
  const nodes = [
    node('203.0.113.11', ['controlplane'], { internalAddress: '10.0.0.11', hostnameOverride: 'node-a' }),
    node('10.0.0.12', ['worker']),
  ]
  const config = configOf(nodes, {}, { authentication: { sans: ['api.example.com', '192.0.2.5'] } })
  expect(apiServerSans(config)).toEqual({
    dnsNames: ['node-a', 'api.example.com', ...KUBERNETES],
    ips: ['203.0.113.11', '10.0.0.11', '192.0.2.5', '127.0.0.1', '10.43.0.1'],
  })
})

test('etcd is named after all members and not after the extra names', () => {
  const nodes = [
    node('10.0.0.1', ['etcd'], { hostnameOverride: 'one' }),
    node('10.0.0.2', ['controlplane']),
    node('etcd.example.com', ['etcd']),
  ]
  const config = configOf(nodes, {}, { authentication: { sans: ['api.example.com'] } })
  expect(etcdSans(config)).toEqual({
    dnsNames: ['one', 'etcd.example.com', ...KUBERNETES],
    ips: ['10.0.0.1', '127.0.0.1', '10.43.0.1'],
  })
})

test('a host name override that is an address different from the address is a DNS name', () => {
  expect(nodeSans(node('203.0.113.7', [], { hostnameOverride: '10.0.0.7' }))).toEqual({
    dnsNames: ['10.0.0.7'],
    ips: ['203.0.113.7'],
  })
})

test('names that two nodes share are listed twice', () => {
  const shared = { internalAddress: '10.0.0.1' }
  const nodes = [node('10.0.0.1', ['etcd'], shared), node('10.0.0.2', ['etcd'], shared)]
  expect(etcdSans(configOf(nodes)).ips.slice(0, 3)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1'])
})

test.each([
  ['10.43.0.0/16', ['10.43.0.1']],
  ['10.0.0.1/24', ['10.0.0.1']],
  ['10.0.0.255/32', ['10.0.1.0']],
  ['10.43.0.0/16,fd00:43::/112', ['10.43.0.1', 'fd00:43::1']],
  ['fd00:43::abcd/108', ['fd00:43::1']],
])('the API server has the address after the network address of service range %s', (range, expected) => {
  expect(serviceIps(range)).toEqual(expected)
})

test.each([
  '',
  '10.43.0.0',
  '10.43.0.0/33',
  '10.43.0.0/16, fd00:43::/112',
  '10.43.0.0/x',
  'a/16',
  '10.0.0.0/8/8',
])('service range %j is refused', (range) => {
  expect(() => serviceIps(range)).toThrow(ConfigError)
  expect(() => serviceIps(range)).toThrow('Failed to get Kubernetes Service IP')
})
