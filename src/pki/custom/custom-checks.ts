import { isKeyOf, isSignedBy, type ParsedCertificate, parseCertificate } from '../encoding/certificate.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { readPrivateKey } from '../encoding/pem-contents.ts'
import { CLUSTER_CA, REQUEST_HEADER_CA } from '../inventory/inventory.ts'
import { type WantedCertificate, wantedCertificates } from '../inventory/wanted.ts'
import { missingNames } from '../issue/reissue.ts'

/** What is wrong with a user's own certificates. */
export interface CustomProblems {
  /** With one of these the cluster cannot work. */
  readonly errors: readonly string[]
  /** With these it may, for some of its nodes, names or clients. */
  readonly warnings: readonly string[]
}

/**
 * Checks a user's own certificates against what the configuration needs: that all are there, signed by their
 * authority, belong to their keys, are valid now and carry the names they should. Certificates are named as their
 * files are.
 */
export function checkCustomBundle(
  bundle: CertificatesBundle,
  config: CertificateConfig,
  now: Date,
): CustomProblems {
  const checks = wantedCertificates(config).map((wanted) => checkOne(wanted, bundle, now))
  return {
    errors: [...authorityErrors(bundle, now), ...checks.flatMap((check) => check.errors)],
    warnings: checks.flatMap((check) => check.warnings),
  }
}

function authorityErrors(bundle: CertificatesBundle, now: Date): readonly string[] {
  if (!bundle[CLUSTER_CA]?.certificatePEM) {
    return [`Failed to find master CA certificate: [${CLUSTER_CA}] is not there`]
  }
  return [CLUSTER_CA, REQUEST_HEADER_CA].flatMap((name) => {
    const pem = bundle[name]?.certificatePEM
    if (!pem) return []
    const certificate = parseCertificate(pem, `${name}.pem`)
    const noCa = certificate.isCa ? [] : [`${name}.pem is not the certificate of an authority`]
    return [...noCa, ...validityErrors(name, certificate, now)]
  })
}

function checkOne(wanted: WantedCertificate, bundle: CertificatesBundle, now: Date): CustomProblems {
  const { name } = wanted
  const entry = bundle[name]
  if (!entry?.certificatePEM || !entry.keyPEM) return missing(wanted)
  const certificate = parseCertificate(entry.certificatePEM, `${name}.pem`)
  if (wanted.row.neverRenewed) return { errors: keyErrors(name, certificate, entry), warnings: [] }
  return {
    errors: [
      ...signatureErrors(wanted, certificate, bundle),
      ...keyErrors(name, certificate, entry),
      ...validityErrors(name, certificate, now),
    ],
    warnings: [...nameWarnings(wanted, certificate), ...purposeWarnings(wanted, certificate)],
  }
}

function missing({ name, row }: WantedCertificate): CustomProblems {
  if (row.neverRenewed) return { errors: [], warnings: [] }
  const kind = row.name === 'kube-etcd' ? 'etcd ' : ''
  return { errors: [`Failed to find ${kind}[${name}] Certificate or Key`], warnings: [] }
}

function nameWarnings({ name, profile }: WantedCertificate, { names }: ParsedCertificate): readonly string[] {
  const lacks = missingNames(names, profile.names)
  return lacks.length === 0 ? [] : [`certificate ${name} lacks the names ${lacks.join(', ')}`]
}

/** Kubernetes takes name and rights of a client from the subject. */
function purposeWarnings(
  { name, profile }: WantedCertificate,
  { subject, extendedKeyUsage }: ParsedCertificate,
): readonly string[] {
  const { commonName, organization = '', names } = profile
  const isOther =
    subject.commonName !== commonName || (organization !== '' && subject.organization !== organization)
  const purposes = names === undefined ? ['client'] : ['client', 'server']
  const lacks = extendedKeyUsage.length === 0 ? [] : purposes.filter((one) => !extendedKeyUsage.includes(one))
  const wanted = `CN=${commonName}${organization === '' ? '' : `, O=${organization}`}`
  return [
    ...(isOther && names === undefined
      ? [`certificate ${name} is made out to another subject than ${wanted}, and has other rights`]
      : []),
    ...lacks.map((purpose) => `certificate ${name} may not be used as that of a ${purpose}`),
  ]
}

function signatureErrors(
  { name, signer, row }: WantedCertificate,
  certificate: ParsedCertificate,
  bundle: CertificatesBundle,
): readonly string[] {
  const authority = bundle[signer]
  if (authority === undefined || row.neverRenewed) return []
  if (authority.certificatePEM === '') return []
  if (isSignedBy(certificate, parseCertificate(authority.certificatePEM, `${signer}.pem`))) return []
  const which = signer === REQUEST_HEADER_CA ? 'custom Request Header CA' : 'custom CA'
  return [`Component [${name}] is not signed by the ${which} certificate`]
}

function keyErrors(name: string, certificate: ParsedCertificate, entry: CertificateEntry): readonly string[] {
  const key = readPrivateKey(entry.keyPEM, `${name}-key.pem`)
  return isKeyOf(certificate, key) ? [] : [`${name}-key.pem is not the key of ${name}.pem`]
}

function validityErrors(
  name: string,
  { notBefore, notAfter }: ParsedCertificate,
  now: Date,
): readonly string[] {
  if (notBefore > now) return [`${name}.pem is not valid before ${notBefore.toISOString()}`]
  return notAfter > now ? [] : [`${name}.pem has ended on ${notAfter.toISOString()}`]
}
