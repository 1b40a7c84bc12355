import type { ParsedKey } from 'ssh2'
import { plainKeyType, type UserCertificate } from './ssh-certificate.ts'

/** How a certificate is offered (RFC 8332 §3, OpenSSH's PROTOCOL.certkeys) and what signs for it. */
export interface CertificateAlgorithm {
  /** Name in the authentication request. */
  readonly offered: string
  /** Name inside the signature: that of the plain key, which is where ssh2 goes wrong by itself. */
  readonly signature: string
  /** `undefined` for Ed25519, which has its own. */
  readonly hash: string | undefined
}

const HASHES: Readonly<Record<string, string>> = {
  'ssh-dss': 'sha1',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
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

/** A certificate in place of its key, in the shape that ssh2 wants a public key to have. */
export interface CertificateKey extends ParsedKey {
  readonly certificateAlgorithm: CertificateAlgorithm
}

export function isCertificateKey(key: unknown): key is CertificateKey {
  return typeof key === 'object' && key !== null && 'certificateAlgorithm' in key
}

/** Made from the parsed key, because ssh2 knows its own keys by a hidden member. */
export function certificateKey(
  key: ParsedKey,
  certificate: UserCertificate,
  certificateAlgorithm: CertificateAlgorithm,
): CertificateKey {
  return Object.create(key, {
    type: { value: certificateAlgorithm.offered },
    certificateAlgorithm: { value: certificateAlgorithm },
    getPublicSSH: { value: () => certificate.blob },
  })
}
