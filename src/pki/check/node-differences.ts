import type { KeyObject } from 'node:crypto'
import type { Secret } from '../../secret.ts'
import type { CertificateFile } from '../distribution/shipping.ts'
import { isKeyOf, isSignedBy, type ParsedCertificate } from '../encoding/certificate.ts'
import type { CertificatesBundle } from '../encoding/certificate-entry.ts'
import { readAuthorityKey } from '../encoding/pem-contents.ts'
import { inventoryRow } from '../inventory/inventory.ts'
import type { CertificateProblem } from './certificate-check.ts'
import { fingerprint, readTexts } from './checked-rows.ts'
import type { FoundOnNode, ServedCertificate } from './found-certificates.ts'

/** Certificates by name. */
export interface Bundles {
  /** Those that the cluster is to have. */
  readonly wanted: CertificatesBundle
  /** Those that it had when a run last came to its end. */
  readonly applied: CertificatesBundle | undefined
  /** Nodes that have earlier ones, because a change has left them out; absent if there are none. */
  readonly nodesLeftOut?:
    | { readonly nodes: readonly string[]; readonly certificates: readonly string[] }
    | undefined
}

/** How a node's files and what it serves differ from what they should be. `expected`: its files by the state. */
export function nodeProblems(
  { node, files, served }: FoundOnNode,
  expected: readonly CertificateFile[],
  bundles: Bundles,
): readonly CertificateProblem[] {
  const lacked = bundles.nodesLeftOut?.nodes.includes(node) ? bundles.nodesLeftOut.certificates : []
  const fileOf = (name: string): string | undefined => files?.get(`${name}.pem`)?.reveal()
  const wantedKey = new Map(
    expected.flatMap((file) => (file.kind === 'key' ? [[file.certificate, file] as const] : [])),
  )
  const found = (files !== undefined && files.size > 0 ? expected : []).flatMap((file) => {
    if (file.kind !== 'certificate') return []
    const { certificate: name } = file
    const key = wantedKey.get(name)
    return [
      ...fileProblem(file, fileOf(name), bundles, lacked),
      ...(key === undefined ? [] : keyProblem(key, files?.get(`${name}-key.pem`), fileOf(name), bundles)),
    ]
  })
  const ports = served.flatMap((one) =>
    servedProblem(
      one,
      one.certificate && (fileOf(one.certificate) ?? bundles.wanted[one.certificate]?.certificatePEM),
    ),
  )
  return [...folderProblem(files, expected), ...found, ...ports].map((problem) => ({ ...problem, node }))
}

/** A folder without a single file, or one that could not be read. */
function folderProblem(
  files: FoundOnNode['files'],
  expected: readonly CertificateFile[],
): readonly CertificateProblem[] {
  const certificates = expected.flatMap(({ kind, certificate }) =>
    kind === 'certificate' ? [certificate] : [],
  )
  if (certificates.length === 0 || (files !== undefined && files.size > 0)) return []
  if (files !== undefined) {
    return [{ severity: 'error', certificates, message: 'all certificate files are missing' }]
  }
  const message =
    'its certificate files could not be read: no container of the cluster is left there, and no image for a helper'
  return [{ severity: 'warning', certificates, message }]
}

function fileProblem(
  { certificate: name, content }: CertificateFile,
  actual: string | undefined,
  { wanted, applied }: Bundles,
  lacked: readonly string[],
): readonly CertificateProblem[] {
  if (actual === undefined) return [error(name, `the file ${name}.pem is missing`)]
  const found = readTexts(actual)
  if (found === undefined) return [error(name, `the file ${name}.pem holds no certificate that can be read`)]
  if (sameCertificates(found, readTexts(content.reveal()))) return []
  if (lacked.includes(name)) {
    const text = `the file ${name}.pem is not replaced yet: the node was left out; "rke up" or "rke cert rotate" brings it the others`
    return [error(name, text)]
  }
  const before = applied?.[name]?.certificatePEM
  if (
    before !== undefined &&
    before !== wanted[name]?.certificatePEM &&
    sameCertificates(found, readTexts(before))
  ) {
    return [notReplaced(name, `${name}.pem`)]
  }
  const [leaf] = found
  if (leaf !== undefined && isOlder(name, leaf, wanted)) {
    const text = `the file ${name}.pem is an earlier certificate with the same key and authority than the state has; it works as long as its names are enough`
    return [{ severity: 'warning', certificates: [name], message: text }]
  }
  return [error(name, `the file ${name}.pem is not the certificate of the state: ${described(leaf)}`)]
}

/**
 * Whether a file is what `up` leaves: members of etcd, and kubelets, keep their files until others are forced onto nodes, as
 * with RKE.
 */
function isOlder(name: string, found: ParsedCertificate, wanted: CertificatesBundle): boolean {
  const row = inventoryRow(name)
  if (row?.perNode === undefined) return false
  const key = keyOf(wanted[name]?.keyPEM ?? '')
  return (
    key !== undefined &&
    isKeyOf(found, key) &&
    signersOf(row.signer, wanted).some((ca) => isSignedBy(found, ca))
  )
}

/** The authorities of a name that a bundle holds: two while one replaces the other. */
export function signersOf(name: string, bundle: CertificatesBundle): readonly ParsedCertificate[] {
  return readTexts(bundle[name]?.certificatePEM ?? '') ?? []
}

function keyProblem(
  { certificate: name, content }: CertificateFile,
  actual: Secret<string> | undefined,
  certificate: string | undefined,
  { applied }: Bundles,
): readonly CertificateProblem[] {
  if (actual === undefined) return [error(name, `the file ${name}-key.pem is missing`)]
  if (inventoryRow(name)?.neverRenewed) {
    const text = actual.reveal().trim()
    if (text === content.reveal().trim()) return []
    if (text === applied?.[name]?.keyPEM.trim()) return [notReplaced(name, `${name}-key.pem`)]
    return [error(name, `the file ${name}-key.pem is not the key of the state`)]
  }
  const key = keyOf(actual.reveal())
  if (key === undefined)
    return [error(name, `the file ${name}-key.pem holds no private key that can be read`)]
  const [leaf] = readTexts(certificate ?? '') ?? []
  return leaf === undefined || isKeyOf(leaf, key)
    ? []
    : [error(name, `the file ${name}-key.pem does not belong to ${name}.pem beside it`)]
}

function servedProblem(
  { component, port, certificate: name, pem, failure }: ServedCertificate,
  expected: string | undefined,
): readonly CertificateProblem[] {
  if (pem === undefined) {
    const message = `${component} shows no certificate on port ${port}: ${failure}`
    return [{ severity: 'warning', certificates: name === undefined ? [] : [name], message }]
  }
  if (name === undefined || expected === undefined) return []
  const [leaf] = readTexts(pem) ?? []
  const [file] = readTexts(expected) ?? []
  if (leaf === undefined || file === undefined || fingerprint(leaf) === fingerprint(file)) return []
  return [
    error(
      name,
      `${component} serves another certificate on port ${port} than ${name}.pem holds, ${described(leaf)}: it has not read the file again, so restart it`,
    ),
  ]
}

const error = (name: string, message: string): CertificateProblem => ({
  severity: 'error',
  certificates: [name],
  message,
})

const notReplaced = (name: string, file: string): CertificateProblem =>
  error(name, `the file ${file} is not replaced yet: the run that changes it has not come to its end`)

/** How one certificate of a name differs from another. */
function described(certificate: ParsedCertificate | undefined): string {
  if (certificate === undefined) return 'it is empty'
  const { issuer, notAfter, serialNumber } = certificate
  return `it is signed by ${issuer.commonName}, has the serial number ${serialNumber} and ends on ${notAfter.toISOString().slice(0, 10)}`
}

function sameCertificates(
  one: readonly ParsedCertificate[],
  other: readonly ParsedCertificate[] | undefined,
): boolean {
  return one.map(fingerprint).join() === other?.map(fingerprint).join()
}

/** A private key; `undefined` if it cannot be read. */
export function keyOf(pem: string): KeyObject | undefined {
  try {
    return readAuthorityKey(pem, '')
  } catch {
    return undefined
  }
}
