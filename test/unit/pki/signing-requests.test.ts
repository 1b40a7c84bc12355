import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type SigningFile, signingRequests } from '../../../src/pki/custom/signing-requests.ts'
import { namesRequested } from '../../../src/pki/encoding/csr.ts'
import { apiServerSans } from '../../../src/pki/issue/sans.ts'
import { configOf, node, noKeys, testKeys } from './support.ts'

const config = configOf([node('10.0.0.1', ['controlplane', 'etcd'], { hostnameOverride: 'one' })])
let first: readonly SigningFile[]

beforeAll(async () => {
  first = await signingRequests({ config, files: new Map(), keys: testKeys() })
})

const texts = (files: readonly SigningFile[]) =>
  new Map(files.map((file) => [file.name, file.content.reveal()]))
const text = (files: readonly SigningFile[], name: string) => texts(files).get(name) ?? ''

test('there is a request, and a key that only its owner reads, for every certificate but the authorities and the token', () => {
  expect(first.filter((file) => file.name.endsWith('-csr.pem')).map((file) => file.name)).toEqual([
    'kube-apiserver-csr.pem',
    'kube-controller-manager-csr.pem',
    'kube-scheduler-csr.pem',
    'kube-proxy-csr.pem',
    'kube-node-csr.pem',
    'kube-admin-csr.pem',
    'kube-apiserver-proxy-client-csr.pem',
    'kube-etcd-10-0-0-1-csr.pem',
  ])
  for (const { name, mode } of first) {
    expect(texts(first).has(name.replace('-csr.pem', '-key.pem')), name).toBe(true)
    expect(mode, name).toBe(0o600)
  }
})

test('serving certificates are requested where they are wanted', async () => {
  const serving = configOf(config.nodes, { kubelet: { generateServingCertificate: true } })
  const files = await signingRequests({ config: serving, files: new Map(), keys: testKeys() })
  expect(namesRequested(text(files, 'kube-kubelet-10-0-0-1-csr.pem'), 'csr')).toEqual({
    dnsNames: ['one'],
    ips: ['10.0.0.1'],
  })
})

test('a second call leaves every file as it is', async () => {
  const again = await signingRequests({ config, files: texts(first), keys: noKeys })
  expect(texts(again)).toEqual(texts(first))
})

test('other names make another request for the same key, and touch no other request', async () => {
  const more = configOf(config.nodes, {}, { authentication: { sans: ['api.example.com'] } })
  const again = await signingRequests({ config: more, files: texts(first), keys: noKeys })
  expect(namesRequested(text(again, 'kube-apiserver-csr.pem'), 'csr')).toEqual(apiServerSans(more))
  const changed = again.filter(({ name, content }) => content.reveal() !== text(first, name))
  expect(changed.map((file) => file.name)).toEqual(['kube-apiserver-csr.pem'])
})

test('a request whose key is gone is made anew, since nobody could use it', async () => {
  const files = texts(first)
  files.delete('kube-proxy-key.pem')
  const again = await signingRequests({ config, files, keys: testKeys(20) })
  expect(text(again, 'kube-proxy-csr.pem')).not.toBe(text(first, 'kube-proxy-csr.pem'))
})

test('a request that cannot be read is named', async () => {
  const files = new Map([...texts(first), ['kube-proxy-csr.pem', 'garbage']])
  await expect(signingRequests({ config, files, keys: noKeys })).rejects.toThrow('kube-proxy-csr.pem')
})

test('OpenSSL reads subject, names and usages in the requests', () => {
  expect(described('kube-node-csr.pem')).toMatch(/Subject: O = system:nodes, CN = system:node\n/)
  expect(described('kube-node-csr.pem')).toMatch(/TLS Web Client Authentication\n/)
  const apiServer = described('kube-apiserver-csr.pem')
  expect(apiServer).toContain('DNS:one, DNS:localhost, DNS:kubernetes,')
  expect(apiServer).toContain('IP Address:10.0.0.1, IP Address:127.0.0.1, IP Address:10.43.0.1')
  expect(apiServer).toContain('TLS Web Client Authentication, TLS Web Server Authentication')
  expect(apiServer).not.toContain('Key Usage: critical')
})

function described(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'rke-csr-'))
  try {
    writeFileSync(join(directory, name), text(first, name))
    const options = ['req', '-in', name, '-noout', '-text', '-verify', '-nameopt', 'oneline']
    return execFileSync('openssl', options, { cwd: directory, encoding: 'utf8', stdio: 'pipe' })
  } finally {
    rmSync(directory, { recursive: true })
  }
}
