import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { parseCertificate } from '../../../src/pki/encoding/certificate.ts'
import { issueAuthority, issueCertificate, type Signer } from '../../../src/pki/issue/issue.ts'
import { Secret } from '../../../src/secret.ts'

/** A certificate with its key, PEM. */
export interface TestCertificate {
  readonly cert: string
  readonly key: Secret<string>
}

/** A CA made for one test file. */
export class TestAuthority {
  readonly ca: string
  readonly #signer: Signer

  private constructor(ca: string, signer: Signer) {
    this.ca = ca
    this.#signer = signer
  }

  static async create(name = 'kube-ca'): Promise<TestAuthority> {
    const { key } = newKey()
    const ca = await issueAuthority(name, key, new Date())
    return new TestAuthority(ca, { certificate: parseCertificate(ca), key })
  }

  /** A server's certificate, which is one for clients as well, as RKE's are. */
  async server(dnsNames: readonly string[], ips: readonly string[]): Promise<TestCertificate> {
    return this.#issue({ commonName: 'server', usage: 'server', names: { dnsNames, ips } })
  }

  async client(commonName: string, organization?: string): Promise<TestCertificate> {
    return this.#issue({ commonName, organization, usage: 'client' })
  }

  async #issue(profile: Parameters<typeof issueCertificate>[0]): Promise<TestCertificate> {
    const { key, pem } = newKey()
    return { cert: await issueCertificate(profile, key, this.#signer, new Date()), key: new Secret(pem) }
  }
}

function newKey() {
  const pem = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey
  return { pem, key: createPrivateKey(pem) }
}
