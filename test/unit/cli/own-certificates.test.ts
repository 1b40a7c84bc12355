import { createPrivateKey } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parseCertificate } from '../../../src/pki/encoding/certificate.ts'
import { wantedCertificates } from '../../../src/pki/inventory/wanted.ts'
import { issueAuthority, issueCertificate } from '../../../src/pki/issue/issue.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { cluster } from '../operations/clusters.ts'
import { configOf } from '../operations/support.ts'
import type { CliCluster } from './cli-cluster.ts'
import { useClusters } from './use-clusters.ts'

const MASTER = 'controlplane, etcd, worker'
const ONE = cluster({ 11: MASTER })
const TWO = cluster({ 11: MASTER, 12: 'worker' })
const FOLDER = 'home/cluster_certs'

const clusters = useClusters()

async function of(text: string): Promise<CliCluster> {
  return clusters.of(text, TWO)
}

type Authority = Awaited<ReturnType<typeof authority>>

async function authority(name: string) {
  const keyPem = await pooledKeys.generate()
  const key = createPrivateKey(keyPem)
  const pem = await issueAuthority(name, key, new Date(Date.now() - 60_000))
  return { certificate: parseCertificate(pem), key, pem }
}

/** Does what the user's own authority does with the requests. */
async function sign(home: CliCluster, text: string, ca: Authority, now = new Date()): Promise<void> {
  await home.write(ca.pem, 'kube-ca.pem', FOLDER)
  await home.write(ca.pem, 'kube-apiserver-requestheader-ca.pem', FOLDER)
  for (const { name, profile, row } of wantedCertificates(configOf(text))) {
    if (row.neverRenewed) continue
    const key = createPrivateKey(await home.read(`${name}-key.pem`, FOLDER))
    await home.write(await issueCertificate(profile, key, ca, now), `${name}.pem`, FOLDER)
  }
}

async function signed(text: string): Promise<{ home: CliCluster; ca: Authority }> {
  const home = await of(text)
  await home.rke('cert generate-csr')
  const ca = await authority('my own')
  await sign(home, text, ca)
  return { home, ca }
}

describe('rke cert generate-csr', () => {
  test('writes a key and a request for each certificate, and contacts no machine', async () => {
    const home = await of(ONE)
    const { code, out } = await home.rke('cert generate-csr')
    expect({ code, out }).toMatchObject({ code: 0 })
    const names = await readdir(home.path('', FOLDER))
    expect(names).toHaveLength(16)
    expect(names).toContain('kube-etcd-10-66-0-11-csr.pem')
    expect(home.world.calls).toEqual([])
  })

  test('lets only the owner read keys', async () => {
    const home = await of(ONE)
    await home.rke('cert generate-csr')
    const { mode } = await stat(home.path('kube-admin-key.pem', FOLDER))
    expect(mode & 0o777).toBe(0o600)
  })

  test('changes nothing in a second call, and keeps keys when a request changes', async () => {
    const home = await of(ONE)
    await home.rke('cert generate-csr')
    expect((await home.rke('cert generate-csr')).out).toContain('Nothing to do')
    const key = await home.read('kube-apiserver-key.pem', FOLDER)
    await home.write(`${ONE}authentication: {sans: [k8s.example.org]}\n`)
    expect((await home.rke('cert generate-csr')).out).toContain('Wrote 1 file for 8 signing requests')
    expect(await home.read('kube-apiserver-key.pem', FOLDER)).toBe(key)
  })

  test('writes into the folder of --cert-dir, and says why if it cannot', async () => {
    const home = await of(ONE)
    const { out } = await home.rke(`cert generate-csr --cert-dir ${home.path('other')}`)
    expect(out).toContain('Wrote 16 files')
    const { code, out: refused } = await home.rke(`cert generate-csr --cert-dir ${home.path('cluster.yml')}`)
    expect(code).toBe(10)
    expect(refused).toContain('cannot read the certificate folder')
  })
})

describe('rke up --custom-certs', () => {
  test('builds a cluster with the certificates of the folder; a second run does nothing', async () => {
    const { home, ca } = await signed(ONE)
    const { code, out } = await home.rke('up --custom-certs')
    expect({ code, out }).toMatchObject({ code: 0 })
    const { certificatesBundle } = JSON.parse(await home.read('cluster.rkestate')).currentState
    expect(certificatesBundle['kube-ca']).toMatchObject({ certificatePEM: ca.pem, keyPEM: '' })
    expect(await home.rke('plan --custom-certs')).toMatchObject({ code: 0 })
    expect((await home.rke('up --custom-certs')).out).toContain('Nothing to do')
    expect((await home.rke('version')).code).toBe(0)
  })

  test('is missed when it is left out later, and nothing is changed', async () => {
    const { home } = await signed(ONE)
    await home.rke('up --custom-certs')
    const { code, out } = await home.rke('up')
    expect(code).toBe(18)
    expect(out).toContain('run with --custom-certs')
  })

  test('replaces certificates that were renewed, and restarts what does not read them as it runs', async () => {
    const { home, ca } = await signed(ONE)
    await home.rke('up --custom-certs')
    await sign(home, ONE, ca, new Date(Date.now() - 1000))
    const { code, out } = await home.rke('plan --custom-certs')
    expect(code).toBe(2)
    expect(out).toContain('certificate kube-scheduler changed')
    for (const one of ['etcd', 'kube-apiserver']) expect(out).not.toContain(`restart container ${one}\n`)
    expect((await home.rke('up --custom-certs')).code).toBe(0)
    expect((await home.rke('plan --custom-certs')).code).toBe(0)
  })

  test('refuses another authority over a living cluster', async () => {
    const { home } = await signed(ONE)
    await home.rke('up --custom-certs')
    await sign(home, ONE, await authority('another'))
    const { code, out } = await home.rke('up --custom-certs')
    expect(code).toBe(15)
    expect(out).toContain('kube-ca.pem is not the CA that this cluster was built with')
  })

  test('tells all that is wrong in one error, before anybody is connected', async () => {
    const { home, ca } = await signed(ONE)
    await sign(home, ONE, ca, new Date('2001-01-01'))
    await home.write('garbage', 'kube-proxy.pem', FOLDER)
    const { code, out } = await home.rke('up --custom-certs')
    expect(code).toBe(18)
    expect(out).toContain('failed to read certificate [kube-proxy.pem]')
    expect(out).toContain('kube-node.pem has ended on 20')
    expect(out).toContain('kube-etcd-10-66-0-11.pem has ended on 20')
    expect(out).not.toContain('[dialer]')
    expect((await readdir(home.path(''))).sort()).toEqual(['cluster.yml', 'cluster_certs'])
  })

  test('says which folder is not there', async () => {
    const home = await of(ONE)
    for (const line of ['up', 'plan']) {
      const { code, out, err } = await home.rke(`${line} --custom-certs`)
      expect(code).toBe(10)
      expect(out + err).toContain(`cannot find the certificate folder ${home.path('cluster_certs')}`)
      expect(out + err).toContain('rke cert generate-csr')
    }
  })
})
