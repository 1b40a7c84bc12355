import { sign } from 'node:crypto'
import ssh2, {
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import { plainKeyType, type UserCertificate } from './certificate.ts'
import { mpint, string } from './wire.ts'

/** How a certificate is offered (RFC 8332 §3, OpenSSH's PROTOCOL.certkeys) and what signs for it. */
export interface CertificateAlgorithm {
  /** Name in the authentication request. */
  readonly offered: string
  /** Name inside the signature: that of the plain key, which is where ssh2 goes wrong by itself. */
  readonly signature: string
  /** `undefined` for Ed25519, which has its own. */
  readonly hash: string | undefined
}

/** Ways to offer a certificate, best first. RSA has three; servers before OpenSSH 7.8 know only the last. */
export function certificateAlgorithms(type: string): readonly CertificateAlgorithm[] {
  const plain = plainKeyType(type)
  if (plain === 'ssh-rsa') {
    return [
      { offered: 'rsa-sha2-512-cert-v01@openssh.com', signature: 'rsa-sha2-512', hash: 'sha512' },
      { offered: 'rsa-sha2-256-cert-v01@openssh.com', signature: 'rsa-sha2-256', hash: 'sha256' },
      { offered: type, signature: 'ssh-rsa', hash: 'sha1' },
    ]
  }
  return [{ offered: type, signature: plain, hash: HASHES[plain] }]
}

const HASHES: Readonly<Record<string, string>> = {
  'ssh-dss': 'sha1',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
}

/** The certificate in place of its key, in the shape that ssh2 wants a public key to have. */
export interface CertificateKey extends ParsedKey {
  readonly certificateAlgorithm: CertificateAlgorithm
}

export function isCertificateKey(key: unknown): key is CertificateKey {
  return typeof key === 'object' && key !== null && 'certificateAlgorithm' in key
}

/** A certificate and its key as an ssh2 agent: ssh2 lets only agents offer a key type that it does not know. */
export function certificateIdentity(key: ParsedKey, certificate: UserCertificate): CertificateIdentity {
  const identities = certificateAlgorithms(certificate.type).map((algorithm) =>
    certificateKey(key, certificate, algorithm),
  )
  return new CertificateIdentity(key.getPrivatePEM(), identities)
}

function certificateKey(
  key: ParsedKey,
  certificate: UserCertificate,
  certificateAlgorithm: CertificateAlgorithm,
): CertificateKey {
  // Made from the parsed key, because ssh2 knows its own keys by a hidden member.
  return Object.create(key, {
    type: { value: certificateAlgorithm.offered },
    certificateAlgorithm: { value: certificateAlgorithm },
    getPublicSSH: { value: () => certificate.blob },
  })
}

class CertificateIdentity extends ssh2.BaseAgent<ParsedKey> {
  readonly #privatePem: string
  readonly #identities: CertificateKey[]

  constructor(privatePem: string, identities: CertificateKey[]) {
    super()
    this.#privatePem = privatePem
    this.#identities = identities
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [...this.#identities])
  }

  /** Calls back with a complete SSH signature: algorithm name and signature, each as a string. */
  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback
    if (!isCertificateKey(key) || done === undefined) return
    const { signature, hash } = key.certificateAlgorithm
    done(undefined, Buffer.concat([string(signature), string(this.#rawSignature(data, signature, hash))]))
  }

  #rawSignature(data: Buffer, algorithm: string, hash: string | undefined): Buffer {
    if (!algorithm.startsWith('ecdsa-')) return sign(hash, data, this.#privatePem)
    const pair = sign(hash, data, { key: this.#privatePem, dsaEncoding: 'ieee-p1363' })
    const half = pair.length / 2
    return Buffer.concat([mpint(pair.subarray(0, half)), mpint(pair.subarray(half))])
  }
}
