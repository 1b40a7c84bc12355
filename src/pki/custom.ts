import { PkiError } from '../errors.ts'
import { type AdminTarget, withKubeconfig } from './admin.ts'
import { type ParsedCertificate, parseCertificate } from './certificate.ts'
import type { CertificateEntry, CertificatesBundle } from './certificate-entry.ts'
import { checkCustomBundle } from './custom-checks.ts'
import { newEntry } from './entry.ts'
import { CLUSTER_CA, inventoryRow, REQUEST_HEADER_CA } from './inventory.ts'
import { encodePrivateKey, readPrivateKey } from './pem.ts'

/** Certificates that a user made, by file name, and what they are for. */
export interface CustomRequest extends AdminTarget {
  /** The texts of the `.pem` files in the certificate directory. */
  readonly files: ReadonlyMap<string, string>
  readonly now: Date
}

/** A bundle of a user's own certificates. */
export interface CustomBundle {
  readonly bundle: CertificatesBundle
  /** What the user should know; the cluster may work all the same. */
  readonly warnings: readonly string[]
}

/**
 * The bundle that a directory of certificates makes (`--custom-certs`). It replaces any other: nothing is
 * generated, nothing taken from the state. Throws a `PkiError` that lists everything missing or wrong.
 */
export function customBundle(request: CustomRequest): CustomBundle {
  const entries = readEntries(request.files)
  const ca = entries[CLUSTER_CA]
  if (!ca?.certificatePEM) {
    throw new PkiError('Failed to find master CA certificate: there is no kube-ca.pem', {
      hint: 'put kube-ca.pem into the certificate directory, or run without --custom-certs',
    })
  }
  const warnings: string[] = []
  if (!entries[REQUEST_HEADER_CA]?.certificatePEM) {
    warnings.push(`there is no ${REQUEST_HEADER_CA}.pem: the certificate of kube-ca is used instead`)
    entries[REQUEST_HEADER_CA] = customEntry(REQUEST_HEADER_CA, ca.certificatePEM, '')
  }
  const admin = entries['kube-admin']
  if (admin !== undefined) entries['kube-admin'] = withKubeconfig(admin, ca.certificatePEM, request)
  const problems = checkCustomBundle(entries, request.config, request.now)
  if (problems.errors.length > 0) {
    throw new PkiError(problems.errors.join('\n'), {
      hint: '"rke cert generate-csr" makes a signing request for every certificate that is needed',
    })
  }
  return { bundle: sorted(entries), warnings: [...warnings, ...problems.warnings] }
}

function readEntries(files: ReadonlyMap<string, string>): Record<string, CertificateEntry> {
  const names = [...files.keys()]
    .filter((file) => file.endsWith('.pem') && !file.endsWith('-key.pem') && !file.endsWith('-csr.pem'))
    .map((file) => file.slice(0, -'.pem'.length))
  return Object.fromEntries(names.map((name) => [name, readEntry(name, files)]))
}

function readEntry(name: string, files: ReadonlyMap<string, string>): CertificateEntry {
  const certificate = files.get(`${name}.pem`) ?? ''
  const key = files.get(`${name}-key.pem`) ?? ''
  return customEntry(
    name,
    certificate.trim() === '' ? '' : readCertificateFile(name, certificate).pem,
    key.trim() === '' ? '' : readKeyFile(name, key),
  )
}

function customEntry(name: string, certificatePEM: string, keyPEM: string): CertificateEntry {
  const commonName = name === 'kube-node' ? (inventoryRow(name)?.commonName ?? name) : name
  return { ...newEntry(name, certificatePEM, keyPEM), commonName }
}

function readCertificateFile(name: string, text: string): ParsedCertificate {
  try {
    return parseCertificate(text, `${name}.pem`)
  } catch (cause) {
    throw new PkiError(`failed to read certificate [${name}.pem]`, { cause })
  }
}

function readKeyFile(name: string, text: string): string {
  try {
    return encodePrivateKey(readPrivateKey(text, `${name}-key.pem`))
  } catch (cause) {
    throw new PkiError(`failed to read key [${name}-key.pem], make sure it is not encrypted`, {
      hint: 'the key must be RSA, as PKCS#1 or PKCS#8',
      cause,
    })
  }
}

function sorted(entries: Readonly<Record<string, CertificateEntry>>): CertificatesBundle {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
}
