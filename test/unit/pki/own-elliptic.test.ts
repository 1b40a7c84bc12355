import { createPrivateKey } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { customBundle } from '../../../src/pki/custom/custom.ts'
import { signingRequests } from '../../../src/pki/custom/signing-requests.ts'
import { parseCertificates } from '../../../src/pki/encoding/certificate.ts'
import type { CertificateEntry } from '../../../src/pki/encoding/certificate-entry.ts'
import { RKE_VALIDITY } from '../../../src/pki/issue/validity.ts'
import { keptKeyWarning } from '../../../src/pki/own/kept-key.ts'
import { readAuthority } from '../../../src/pki/own/own-authority.ts'
import { bundleOfStage } from '../../../src/pki/rotation/bundle-of-stage.ts'
import { makeNextAuthorities } from '../../../src/pki/rotation/next-authorities.ts'
import { Secret } from '../../../src/secret.ts'
import { openCompany } from './own-ca.ts'
import { certificateIn, configOf, ensure, entryIn, node, testKeys } from './support.ts'

const config = configOf([node('10.0.0.1', ['controlplane', 'etcd', 'worker'])])
const now = new Date(Date.now() + 60_000)
const company = openCompany()
afterAll(company.close)

/** Root and intermediate CA of one curve. */
function authorityOn(curve: string) {
  const root = company.authority(`Root ${curve}`, { curve })
  const issuing = company.authority(`Issuing ${curve}`, { curve, by: `Root ${curve}` })
  const files = {
    certificates: { name: 'ca.pem', text: `${issuing}${root}` },
    key: { name: 'ca.key', text: new Secret(company.key(`Issuing ${curve}`)) },
  }
  return { root, issuing, authority: readAuthority(files, config, now) }
}

/** What OpenSSL says of a server's certificate, sent as it stands in the bundle, to a client that trusts `trusted`. */
function verified({ certificatePEM }: CertificateEntry, trusted: string): string {
  const [leaf, ...sent] = parseCertificates(certificatePEM)
  return company.verify(leaf.pem, trusted, sent.map(({ pem }) => pem).join(''), 'sslserver')
}

describe.each([
  ['prime256v1', 'ecdsa-with-SHA256'],
  ['secp384r1', 'ecdsa-with-SHA384'],
  ['secp521r1', 'ecdsa-with-SHA512'],
])('an authority with a key on the curve %s', (curve, algorithm) => {
  const { root, authority } = authorityOn(curve)

  test(`signs with ${algorithm} what OpenSSL believes, and keys of components stay RSA`, async () => {
    const { bundle } = await ensure(config, { now, authority })
    for (const name of ['kube-apiserver', 'kube-etcd-10-0-0-1']) {
      expect(verified(entryIn(bundle, name), root)).toContain('OK')
      expect(entryIn(bundle, name).keyPEM).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
    }
    expect(company.describe(certificateIn(bundle, 'kube-node').pem)).toContain(
      `Signature Algorithm: ${algorithm}\n`,
    )
    const admin = certificateIn(bundle, 'kube-admin').pem
    expect(company.verify(admin, entryIn(bundle, 'kube-ca').certificatePEM, '', 'sslclient')).toContain('OK')
  })

  test('is kept in a form that OpenSSL and Go read, and issues from it later', async () => {
    const { bundle } = await ensure(config, { now, authority })
    const { keyPEM } = entryIn(bundle, 'kube-ca')
    expect(keyPEM).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n/)
    expect(createPrivateKey(keyPEM).equals(createPrivateKey(company.key(`Issuing ${curve}`)))).toBe(true)
    expect((await ensure(config, { now, existing: bundle })).changes).toEqual([])
    const more = configOf([...config.nodes, node('10.0.0.2', ['etcd'])])
    const after = await ensure(more, { now, existing: bundle, keys: testKeys(20) })
    expect(verified(entryIn(after.bundle, 'kube-etcd-10-0-0-2'), root)).toContain('OK')
  })
})

test('from one elliptic authority to another, whoever trusts only the old one believes what the new one issues', async () => {
  const [former, latter] = [authorityOn('prime256v1'), authorityOn('secp384r1')]
  const before = (await ensure(config, { now, authority: former.authority })).bundle
  const next = await makeNextAuthorities(testKeys(40), now, RKE_VALIDITY, {
    authority: latter.authority,
    isKeyExternal: false,
  })
  const request = {
    config,
    keys: testKeys(60),
    clock: () => now,
    localKubeconfigPath: './kube_config_cluster.yml',
  }
  const trust = (await bundleOfStage('trust', before, next, request)).bundle
  const issue = (await bundleOfStage('issue', trust, next, request)).bundle
  const server = entryIn(issue, 'kube-apiserver')
  expect(verified(server, latter.root)).toContain('OK')
  // OpenSSL follows the first issuer of a name alone, unlike Go.
  const withCross = server.certificatePEM.replace(latter.issuing, '')
  expect(verified({ ...server, certificatePEM: withCross }, former.root)).toContain('OK')
  const { bundle } = await bundleOfStage('finish', issue, next, request)
  expect(verified(entryIn(bundle, 'kube-apiserver'), latter.root)).toContain('OK')
})

test('a state with an elliptic key is warned of, since RKE cannot read it', async () => {
  const { authority } = authorityOn('prime256v1')
  const external = configOf([...config.nodes], {}, { certificates: { caKey: 'external' } })
  const [own, apart, program] = await Promise.all([
    ensure(config, { now, authority }),
    ensure(external, { now, authority }),
    ensure(config, { now }),
  ])
  expect(keptKeyWarning(entryIn(own.bundle, 'kube-ca'))).toContain('RKE reads RSA keys only')
  for (const { bundle } of [apart, program]) {
    expect(keptKeyWarning(entryIn(bundle, 'kube-ca'))).toBeUndefined()
  }
})

test('requests that an elliptic authority has signed elsewhere are taken, with its own key beside them or without', async () => {
  const name = 'Issuing prime256v1'
  const { issuing, root } = authorityOn('prime256v1')
  const requests = await signingRequests({ config, files: new Map(), keys: testKeys(80) })
  const answered = requests.flatMap(({ name: file, content }) => {
    const text = content.reveal()
    if (!file.endsWith('-csr.pem')) return [[file, text] as const]
    return [[file.replace('-csr', ''), company.sign(text, name)] as const]
  })
  for (const key of [[], [['kube-ca-key.pem', company.key(name)] as const]]) {
    const files = new Map([...answered, ['kube-ca.pem', `${issuing}${root}`], ...key])
    const { bundle, warnings } = customBundle({
      files,
      config,
      now,
      localKubeconfigPath: './kube_config_cluster.yml',
    })
    expect(company.verify(certificateIn(bundle, 'kube-apiserver').pem, issuing, '', 'sslserver')).toContain(
      'OK',
    )
    expect(entryIn(bundle, 'kube-ca').keyPEM.includes('EC PRIVATE KEY')).toBe(key.length > 0)
    expect(warnings.some((text) => text.includes('RKE reads RSA keys only'))).toBe(key.length > 0)
  }
})
