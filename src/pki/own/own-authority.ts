import type { KeyObject } from 'node:crypto'
import { PkiError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import { isKeyOf, type ParsedCertificate, parseCertificates } from '../encoding/certificate.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import { readAuthorityKey } from '../encoding/pem-contents.ts'
import { chainErrors, nameOf } from './chain-checks.ts'

/** A text with the name by which the user knows it: a path, an option. */
export interface NamedText<T> {
  readonly name: string
  readonly text: T
}

/** What a run is given of an authority of the user's own, as PEM texts. */
export interface AuthorityFiles {
  /** Its certificate, then those above it, each signed by the next one. Absent: the cluster has it already. */
  readonly certificates?: NamedText<string>
  readonly key?: NamedText<Secret<string>>
}

/** An authority of the user's own that was read, and whose certificates can sign what a cluster needs. */
export interface OwnAuthority {
  readonly certificates?: readonly [ParsedCertificate, ...ParsedCertificate[]]
  readonly key?: NamedText<KeyObject>
}

const HINT =
  'whoever runs your CA can issue an intermediate one that has a usual key and no such limits; ' +
  'the file begins with the certificate that signs, and those above it follow'

/**
 * Reads an authority, and checks that Kubernetes will accept what it signs for this cluster.
 * @throws PkiError that lists everything wrong.
 */
export function readAuthority(files: AuthorityFiles, config: CertificateConfig, now: Date): OwnAuthority {
  const errors: string[] = []
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read()
    } catch (thrown) {
      if (!(thrown instanceof PkiError)) throw thrown
      errors.push(thrown.message)
      return undefined
    }
  }
  const { certificates: texts, key: keyText } = files
  const certificates = texts && attempt(() => parseCertificates(texts.text, texts.name))
  const key = keyText && attempt(() => readAuthorityKey(keyText.text.reveal(), keyText.name))
  if (texts !== undefined && certificates !== undefined) {
    errors.push(...chainErrors(certificates, { name: texts.name, config, now }))
    if (keyText !== undefined && key !== undefined) {
      errors.push(...keyErrors(certificates, texts.name, { name: keyText.name, text: key }))
    }
  }
  if (errors.length > 0) {
    throw new PkiError(errors.join('\n'), { step: 'read the CA', untouched: true, hint: HINT })
  }
  return {
    ...(certificates && { certificates }),
    ...(keyText && key && { key: { name: keyText.name, text: key } }),
  }
}

function keyErrors(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  file: string,
  { name, text: key }: NamedText<KeyObject>,
): readonly string[] {
  const [signer, ...others] = certificates
  if (isKeyOf(signer, key)) return []
  const owner = others.findIndex((certificate) => isKeyOf(certificate, key))
  const belongs =
    owner < 0
      ? ''
      : `; it belongs to certificate ${owner + 2} in it (${nameOf(others[owner])}), which must be the first`
  return [`${name} is not the key of ${nameOf(signer)}, the first certificate in ${file}${belongs}`]
}
