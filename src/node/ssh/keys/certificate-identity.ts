import { sign } from 'node:crypto'
import ssh2, {
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import {
  type CertificateKey,
  certificateAlgorithms,
  certificateKey,
  isCertificateKey,
} from './certificate-key.ts'
import type { UserCertificate } from './ssh-certificate.ts'
import { mpint, string } from './wire.ts'

/** A certificate and its key as an ssh2 agent: ssh2 lets only agents offer a key type that it does not know. */
export class CertificateIdentity extends ssh2.BaseAgent<ParsedKey> {
  readonly #privatePem: string
  readonly #identities: readonly CertificateKey[]
  readonly #onCertificate: () => void

  constructor(key: ParsedKey, certificate: UserCertificate, onCertificate: () => void) {
    super()
    this.#onCertificate = onCertificate
    this.#privatePem = key.getPrivatePEM()
    this.#identities = certificateAlgorithms(certificate.type).map((algorithm) =>
      certificateKey(key, certificate, algorithm),
    )
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    this.#onCertificate()
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
