import type { KeyObject } from 'node:crypto'
import { PkiError } from '../../errors.ts'
import {
  type CertificateProfile,
  distinguishedName,
  extendedKeyUsage,
  subjectAltNames,
} from '../issue/issue.ts'
import type { SanList } from '../issue/sans.ts'
import * as asn1 from './asn1.ts'
import { childrenOf, fromDer, isTagged, OID, oidOf } from './asn1.ts'
import { readNames } from './certificate.ts'
import { encodePem, firstBlock } from './pem-contents.ts'
import { publicKeyInfo, signStructure } from './signature.ts'

/** A certificate signing request (RFC 2986) as PEM text: names if there are any, then the key usages. */
export async function createSigningRequest(profile: CertificateProfile, key: KeyObject): Promise<string> {
  const extensions = asn1.sequence(...subjectAltNames(profile.names), extendedKeyUsage(profile.usage))
  const attribute = asn1.sequence(asn1.oid(OID.extensionRequest), asn1.set(extensions))
  const content = asn1.sequence(
    asn1.integer(Uint8Array.of(0)),
    distinguishedName(profile),
    publicKeyInfo(key),
    asn1.tagged(0, [attribute]),
  )
  return encodePem('CERTIFICATE REQUEST', await signStructure(content, key))
}

/** The names that a signing request asks for. `where` says which one it is in the error of an unreadable one. */
export function namesRequested(pem: string, where: string): SanList {
  const body = firstBlock(pem, ['CERTIFICATE REQUEST'])
  if (body === undefined) throw new PkiError(`${where}: there is no certificate signing request in it`)
  try {
    const fields = childrenOf(childrenOf(fromDer(Buffer.from(body, 'base64')))[0])
    const attributes = childrenOf(fields.find((field) => isTagged(field, 0)))
    const request = attributes.find((attribute) => oidOf(childrenOf(attribute)[0]) === OID.extensionRequest)
    const extensions = childrenOf(childrenOf(childrenOf(request)[1])[0])
    const names = extensions.find((entry) => oidOf(childrenOf(entry)[0]) === OID.subjectAltName)
    return readNames(names === undefined ? undefined : asn1.bytesOf(childrenOf(names).at(-1)))
  } catch (cause) {
    throw new PkiError(`${where}: the certificate signing request cannot be read`, { cause })
  }
}
