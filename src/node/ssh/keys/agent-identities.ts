import ssh2, {
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type PublicKeyEntry,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import { type AgentEntry, agentEntries, agentSign, RSA_SHA2_512 } from './agent-client.ts'
import {
  type CertificateKey,
  certificateAlgorithms,
  certificateKey,
  isCertificateKey,
} from './certificate-key.ts'
import { describeKey } from './describe-key.ts'
import { parseCertificateBlob, plainKeyType } from './ssh-certificate.ts'
import { string } from './wire.ts'

type Identity = string | Buffer | ParsedKey | PublicKeyEntry

/**
 * What an SSH agent holds, certificates first, as OpenSSH offers them. Notes down what was offered, so that
 * an error can name it.
 */
export class AgentIdentities extends ssh2.BaseAgent<ParsedKey> {
  readonly #socket: string
  readonly #agent: BaseAgent
  readonly #tried: string[]
  readonly #onCertificate: () => void

  constructor(socket: string, tried: string[], onCertificate: () => void) {
    super()
    this.#onCertificate = onCertificate
    this.#socket = socket
    this.#agent = ssh2.createAgent(socket)
    this.#tried = tried
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    // Agents that are not reached by a plain socket (Pageant, Cygwin) have no certificates here.
    const certificates = agentEntries(this.#socket).then(
      (entries) => entries.flatMap((entry) => this.#certificate(entry)),
      () => [],
    )
    void certificates.then((first) => {
      if (first.length > 0) this.#onCertificate()
      this.#agent.getIdentities((error, identities) => {
        const keys = (identities ?? []).map(publicKey).filter(isPlainKey)
        for (const key of keys) this.#tried.push(`agent: ${key.comment || 'key'} (${describeKey(key)})`)
        callback(error, [...first, ...keys])
      })
    })
  }

  #certificate({ blob, comment }: AgentEntry): CertificateKey[] {
    const certificate = parseCertificateBlob(blob)
    if ('reason' in certificate) return []
    const plain = Buffer.concat([plainKeyType(certificate.type), ...certificate.publicKey].map(string))
    const key = ssh2.utils.parseKey(plain)
    const algorithm = certificateAlgorithms(certificate.type)[0]
    if (key instanceof Error || algorithm === undefined) return []
    this.#tried.push(`agent: ${comment || 'key'} (certificate "${certificate.keyId}")`)
    return [certificateKey(key, certificate, algorithm)]
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback
    if (done === undefined) return
    if (isCertificateKey(key)) {
      const flags = key.certificateAlgorithm.signature === 'rsa-sha2-512' ? RSA_SHA2_512 : 0
      agentSign(this.#socket, key.getPublicSSH(), data, flags).then(
        (signature) => done(undefined, signature),
        done,
      )
    } else if (typeof options === 'function') this.#agent.sign(key, data, options)
    else this.#agent.sign(key, data, options, callback)
  }
}

function publicKey(identity: Identity): ParsedKey | Error {
  if (typeof identity === 'object' && 'pubKey' in identity) {
    const { pubKey } = identity
    return ssh2.utils.parseKey(typeof pubKey === 'object' && 'pubKey' in pubKey ? pubKey.pubKey : pubKey)
  }
  return ssh2.utils.parseKey(identity)
}

function isPlainKey(value: ParsedKey | Error): value is ParsedKey {
  return !(value instanceof Error) && !value.type.includes('-cert-')
}
