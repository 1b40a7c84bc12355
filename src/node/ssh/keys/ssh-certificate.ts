import { WireReader } from './wire.ts'

/** An OpenSSH user certificate (OpenSSH's PROTOCOL.certkeys): the fields used here. */
export interface UserCertificate {
  /** E.g. `ssh-ed25519-cert-v01@openssh.com`. */
  readonly type: string
  readonly blob: Buffer
  readonly keyId: string
  /** Users it is valid for; any if empty. */
  readonly principals: readonly string[]
  /** Seconds since 1970. */
  readonly validAfter: bigint
  /** Seconds since 1970; the largest 64-bit number stands for "for ever". */
  readonly validBefore: bigint
  /** The plain public key inside, to compare with the private key at hand. */
  readonly publicKey: readonly Buffer[]
}

const SUFFIX = '-cert-v01@openssh.com'
const USER_CERTIFICATE = 1

/** How many values of the public key follow the nonce, by key type. */
const KEY_FIELDS: Readonly<Record<string, number>> = {
  'ssh-rsa': 2,
  'ssh-dss': 4,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'ssh-ed25519': 1,
}

/**
 * Reads the first certificate of a text in the form of `authorized_keys` (the content of `id_…-cert.pub`), or says what is
 * wrong. As there, lines may be empty or comments, and options may stand before the type.
 */
export function parseSshCertificate(text: string): UserCertificate | { readonly reason: string } {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  const [words] = lines.flatMap((line) => {
    const all = line.trim().split(/\s+/)
    const type = all.findIndex((word) => word.endsWith(SUFFIX))
    return type < 0 ? [] : [all.slice(type)]
  })
  if (words === undefined) return { reason: 'it is not an OpenSSH certificate (id_…-cert.pub)' }
  return parseCertificateBlob(Buffer.from(words[1] ?? '', 'base64'))
}

/** The same from the decoded form, which an SSH agent gives. */
export function parseCertificateBlob(blob: Buffer): UserCertificate | { readonly reason: string } {
  try {
    const reader = new WireReader(blob)
    const type = reader.text()
    const fields = KEY_FIELDS[type.slice(0, -SUFFIX.length)]
    if (fields === undefined) return { reason: `certificates of type ${type || 'none'} are not supported` }
    reader.string() // nonce
    const publicKey = Array.from({ length: fields }, () => reader.string())
    reader.uint64() // serial
    if (reader.uint32() !== USER_CERTIFICATE)
      return { reason: 'it is a host certificate, not a user certificate' }
    const keyId = reader.text()
    const principals = allStrings(reader.string())
    return {
      type,
      blob,
      keyId,
      principals,
      validAfter: reader.uint64(),
      validBefore: reader.uint64(),
      publicKey,
    }
  } catch {
    return { reason: 'it is damaged' }
  }
}

function allStrings(bytes: Buffer): string[] {
  const reader = new WireReader(bytes)
  const found: string[] = []
  while (!reader.done) found.push(reader.text())
  return found
}

/** Type of the key inside: `ssh-ed25519` for `ssh-ed25519-cert-v01@openssh.com`. */
export function plainKeyType(certificateType: string): string {
  return certificateType.slice(0, -SUFFIX.length)
}

/** Says why a server will not take the certificate, if that can be seen from here. `now` in milliseconds. */
export function certificateProblem(
  certificate: UserCertificate,
  user: string,
  now: number,
): string | undefined {
  const seconds = BigInt(Math.floor(now / 1000))
  if (seconds >= certificate.validBefore)
    return `certificate "${certificate.keyId}" expired ${date(certificate.validBefore)}`
  if (seconds < certificate.validAfter)
    return `certificate "${certificate.keyId}" is valid only from ${date(certificate.validAfter)}`
  if (certificate.principals.length > 0 && !certificate.principals.includes(user)) {
    return `certificate "${certificate.keyId}" is for ${certificate.principals.join(', ')}, not for ${user}`
  }
  return undefined
}

function date(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString()
}
