import { type KeyObject, randomBytes } from 'node:crypto'
import { isCertificateName } from '../../config/validation/syntax.ts'
import { PkiError } from '../../errors.ts'
import * as asn1 from '../encoding/asn1.ts'
import { type Asn1, OID } from '../encoding/asn1.ts'
import type { ParsedCertificate } from '../encoding/certificate.ts'
import { ipBytes } from '../encoding/ip.ts'
import { encodePem } from '../encoding/pem-contents.ts'
import { keyIdentifier, publicKeyInfo, signatureAlgorithm, signStructure } from '../encoding/signature.ts'
import type { SanList } from './sans.ts'
import { RKE_VALIDITY } from './validity.ts'

/** What a certificate says besides its key and its signer. */
export interface CertificateProfile {
  readonly commonName: string
  readonly organization?: string | undefined
  readonly usage: 'ca' | 'client' | 'server'
  readonly names?: SanList | undefined
}

/** A certificate authority that can sign. */
export interface Signer {
  readonly certificate: ParsedCertificate
  readonly key: KeyObject
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * A self-signed authority, valid for `days` from `now`, as PEM text. Serial, extensions and their order
 * are those of RKE's authorities.
 */
export async function issueAuthority(
  commonName: string,
  key: KeyObject,
  now: Date,
  days = RKE_VALIDITY.caDays,
): Promise<string> {
  const subject = distinguishedName({ commonName })
  return encodePem(
    'CERTIFICATE',
    await signed(key, [
      asn1.integer(Uint8Array.of(0)),
      signatureAlgorithm(key),
      subject,
      asn1.sequence(asn1.time(now), asn1.time(daysAfter(now, days))),
      subject,
      publicKeyInfo(key),
      asn1.tagged(3, [asn1.sequence(...authorityExtensions(keyIdentifier(key)))]),
    ]),
  )
}

/**
 * A certificate signed by an authority, as PEM text. It is valid from the moment its authority is, until
 * `days` after `now`.
 */
export async function issueCertificate(
  profile: CertificateProfile,
  key: KeyObject,
  signer: Signer,
  now: Date,
  days = RKE_VALIDITY.leafDays,
): Promise<string> {
  return encodePem(
    'CERTIFICATE',
    await signed(signer.key, [
      asn1.integer(randomSerial()),
      signatureAlgorithm(signer.key),
      signer.certificate.subjectAsn1,
      asn1.sequence(asn1.time(signer.certificate.notBefore), asn1.time(daysAfter(now, days))),
      distinguishedName(profile),
      publicKeyInfo(key),
      asn1.tagged(3, [asn1.sequence(...leafExtensions(profile, signer))]),
    ]),
  )
}

/**
 * A certificate for another authority's name and key, signed by this one, as PEM text: whoever trusts only the signer believes
 * certificates of the other authority that come with it. Valid as long as both.
 */
export async function issueCrossCertificate(authority: ParsedCertificate, signer: Signer): Promise<string> {
  const { certificate } = signer
  const from = new Date(Math.max(authority.notBefore.getTime(), certificate.notBefore.getTime()))
  const until = new Date(Math.min(authority.notAfter.getTime(), certificate.notAfter.getTime()))
  const { publicKey } = authority.x509
  return encodePem(
    'CERTIFICATE',
    await signed(signer.key, [
      asn1.integer(randomSerial()),
      signatureAlgorithm(signer.key),
      certificate.subjectAsn1,
      asn1.sequence(asn1.time(from), asn1.time(until)),
      authority.subjectAsn1,
      publicKeyInfo(publicKey),
      asn1.tagged(3, [
        asn1.sequence(
          ...authorityExtensions(authority.subjectKeyId ?? keyIdentifier(publicKey)),
          ...authorityKeyIdentifier(certificate),
        ),
      ]),
    ]),
  )
}

/** A subject: O first where there is one, then CN, each its own relative name. */
export function distinguishedName(name: Pick<CertificateProfile, 'commonName' | 'organization'>): Asn1 {
  const attribute = (id: string, value: string) => asn1.set(asn1.sequence(asn1.oid(id), asn1.text(value)))
  const organization = name.organization ? [attribute(OID.organization, name.organization)] : []
  return asn1.sequence(...organization, attribute(OID.commonName, name.commonName))
}

/** One X.509 extension. */
export function extension(id: string, value: Asn1, critical?: 'critical'): Asn1 {
  const flag = critical === undefined ? [] : [asn1.yes()]
  return asn1.sequence(asn1.oid(id), ...flag, asn1.octets(asn1.toDer(value)))
}

/** clientAuth, and for servers serverAuth after it. */
export function extendedKeyUsage(usage: CertificateProfile['usage']): Asn1 {
  const server = usage === 'server' ? [asn1.oid(OID.serverAuth)] : []
  return extension(OID.extendedKeyUsage, asn1.sequence(asn1.oid(OID.clientAuth), ...server))
}

/** Subject alternative names, DNS names before addresses; nothing where there are none. */
export function subjectAltNames(names: SanList | undefined): readonly Asn1[] {
  const entries = [
    ...(names?.dnsNames ?? []).map((name) => asn1.tagged(2, dnsBytes(name))),
    ...(names?.ips ?? []).map((ip) => asn1.tagged(7, addressBytes(ip))),
  ]
  return entries.length === 0 ? [] : [extension(OID.subjectAltName, asn1.sequence(...entries))]
}

function signed(key: KeyObject, fields: readonly Asn1[]): Promise<Buffer> {
  const version3 = asn1.tagged(0, [asn1.integer(Uint8Array.of(2))])
  return signStructure(asn1.sequence(version3, ...fields), key)
}

function authorityExtensions(keyId: Buffer): readonly Asn1[] {
  return [
    extension(OID.keyUsage, asn1.bits(Uint8Array.of(0b1010_0100), 2), 'critical'),
    extension(OID.basicConstraints, asn1.sequence(asn1.yes()), 'critical'),
    extension(OID.subjectKeyIdentifier, asn1.octets(keyId)),
  ]
}

function authorityKeyIdentifier({ subjectKeyId }: ParsedCertificate): readonly Asn1[] {
  if (subjectKeyId === undefined) return []
  return [extension(OID.authorityKeyIdentifier, asn1.sequence(asn1.tagged(0, subjectKeyId)))]
}

function leafExtensions(profile: CertificateProfile, signer: Signer): readonly Asn1[] {
  return [
    extension(OID.keyUsage, asn1.bits(Uint8Array.of(0b1010_0000), 5), 'critical'),
    extendedKeyUsage(profile.usage),
    ...authorityKeyIdentifier(signer.certificate),
    ...subjectAltNames(profile.names),
  ]
}

function randomSerial(): Uint8Array {
  const bytes = randomBytes(8)
  bytes[0] = (bytes[0] ?? 0) & 0x7f
  return bytes
}

function daysAfter(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS)
}

function dnsBytes(name: string): Uint8Array {
  if (!isCertificateName(name)) {
    throw new PkiError(`"${name}" cannot be a DNS name in a certificate: it holds characters outside ASCII`, {
      hint: 'write the name in its xn-- form',
    })
  }
  return Buffer.from(name, 'latin1')
}

function addressBytes(ip: string): Uint8Array {
  const bytes = ipBytes(ip)
  if (bytes === undefined) throw new PkiError(`"${ip}" cannot be an address in a certificate`)
  return bytes
}
