import { isKeyOf, isSignedBy, type ParsedCertificate, parseCertificate } from './certificate.ts'
import type { CertificateConfig } from './certificate-config.ts'
import type { CertificateEntry, CertificatesBundle } from './certificate-entry.ts'
import { CLUSTER_CA, REQUEST_HEADER_CA } from './inventory.ts'
import { readPrivateKey } from './pem.ts'
import { missingNames, whereCertificate } from './reissue.ts'
import { type WantedCertificate, wantedCertificates } from './wanted.ts'

/** What is wrong with a user's own certificates. */
export interface CustomProblems {
  /** With one of these the cluster cannot work. */
  readonly errors: readonly string[]
  /** With these it may, for some of its nodes or names. */
  readonly warnings: readonly string[]
}

/**
 * Checks a user's own certificates against what the configuration needs: that all are there, signed by their
 * authority, belong to their keys, are valid now and carry the names they should.
 */
export function checkCustomBundle(
  bundle: CertificatesBundle,
  config: CertificateConfig,
  now: Date,
): CustomProblems {
  const checks = wantedCertificates(config).map((wanted) => checkOne(wanted, bundle, now))
  return {
    errors: checks.flatMap((check) => check.errors),
    warnings: [...endWarnings(CLUSTER_CA, bundle, now), ...checks.flatMap((check) => check.warnings)],
  }
}

function checkOne(wanted: WantedCertificate, bundle: CertificatesBundle, now: Date): CustomProblems {
  const { name } = wanted
  const entry = bundle[name]
  if (!entry?.certificatePEM || !entry.keyPEM) return missing(wanted)
  const certificate = parseCertificate(entry.certificatePEM, whereCertificate(name))
  const names = missingNames(certificate.names, wanted.profile.names)
  return {
    errors: [...signatureErrors(wanted, certificate, bundle), ...keyErrors(name, certificate, entry)],
    warnings: [
      ...endWarnings(name, bundle, now),
      ...(names.length === 0 ? [] : [`certificate ${name} lacks the names ${names.join(', ')}`]),
    ],
  }
}

function missing({ name, row }: WantedCertificate): CustomProblems {
  if (row.neverRenewed) {
    const why = 'API servers on new control plane nodes cannot start without it'
    return { errors: [], warnings: [`there is no ${name}.pem or ${name}-key.pem: ${why}`] }
  }
  if (row.name === 'kube-kubelet') {
    const why = 'the kubelet needs it, since services.kubelet.generate_serving_certificate is on'
    return { errors: [], warnings: [`there is no ${name}.pem or ${name}-key.pem: ${why}`] }
  }
  const kind = row.name === 'kube-etcd' ? 'etcd ' : ''
  return { errors: [`Failed to find ${kind}[${name}] Certificate or Key`], warnings: [] }
}

function signatureErrors(
  { name, signer, row }: WantedCertificate,
  certificate: ParsedCertificate,
  bundle: CertificatesBundle,
): readonly string[] {
  const authority = bundle[signer]
  if (authority === undefined || row.neverRenewed) return []
  if (isSignedBy(certificate, parseCertificate(authority.certificatePEM, whereCertificate(signer)))) return []
  const which = signer === REQUEST_HEADER_CA ? 'custom Request Header CA' : 'custom CA'
  return [`Component [${name}] is not signed by the ${which} certificate`]
}

function keyErrors(name: string, certificate: ParsedCertificate, entry: CertificateEntry): readonly string[] {
  const key = readPrivateKey(entry.keyPEM, `${name}-key.pem`)
  return isKeyOf(certificate, key) ? [] : [`${name}-key.pem is not the key of ${name}.pem`]
}

function endWarnings(name: string, bundle: CertificatesBundle, now: Date): readonly string[] {
  const pem = bundle[name]?.certificatePEM
  if (!pem) return []
  const { notBefore, notAfter } = parseCertificate(pem, whereCertificate(name))
  if (notBefore > now) return [`certificate ${name} is not valid before ${notBefore.toISOString()}`]
  return notAfter > now ? [] : [`certificate ${name} has ended on ${notAfter.toISOString()}`]
}
