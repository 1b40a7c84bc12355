import { PkiError } from '../../errors.ts'
import { certificateTexts, parseCertificate } from '../encoding/certificate.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { newEntry } from '../encoding/entry.ts'
import { encodePrivateKey, readAuthorityKey, readPrivateKey } from '../encoding/pem-contents.ts'
import { CLUSTER_CA, inventoryRow, REQUEST_HEADER_CA, TOKEN_CERTIFICATE } from '../inventory/inventory.ts'
import { wantedCertificates } from '../inventory/wanted.ts'
import { type AdminTarget, withKubeconfig } from '../issue/admin.ts'
import { hasExternalKey } from '../issue/authorities.ts'
import { keptKeyWarning } from '../own/kept-key.ts'
import { checkCustomBundle } from './custom-checks.ts'

/** Certificates that a user made, by file name, and what they are for. */
export interface CustomRequest extends AdminTarget {
  /** The texts of the `.pem` files in the certificate directory. */
  readonly files: ReadonlyMap<string, string>
  readonly now: Date
  /** The bundle of the state, for the token key: another one would void every token. */
  readonly existing?: CertificatesBundle | undefined
}

/** A bundle of a user's own certificates. */
export interface CustomBundle {
  readonly bundle: CertificatesBundle
  /** What the user should know; the cluster may work all the same. */
  readonly warnings: readonly string[]
}

/**
 * The bundle that a directory of certificates makes (`--custom-certs`). It replaces any other; the token's key
 * comes from the state if the directory has none, and so does whatever it lacks where the key of the CA is external. Throws a `PkiError` that lists everything missing or wrong.
 */
export function customBundle(request: CustomRequest): CustomBundle {
  const isKeyExternal = hasExternalKey(request.config)
  const { entries, unreadable } = readEntries(request.files, isKeyExternal)
  if (isKeyExternal) keepOthers(entries, request)
  const warnings = standIns(entries, request)
  const ca = entries[CLUSTER_CA]?.certificatePEM ?? ''
  const admin = entries['kube-admin']
  if (admin !== undefined) entries['kube-admin'] = withKubeconfig(admin, ca, request)
  const problems = checkCustomBundle(entries, request.config, request.now)
  // What cannot be read is not missing besides.
  const isReported = (error: string): boolean =>
    unreadable.some(({ name }) => error.startsWith('Failed to find') && error.includes(`[${name}]`))
  const errors = [
    ...unreadable.map(({ error }) => error),
    ...problems.errors.filter((one) => !isReported(one)),
  ]
  if (errors.length > 0) {
    throw new PkiError(errors.join('\n'), {
      step: 'read the certificate directory',
      untouched: true,
      hint: '"rke cert generate-csr" makes a signing request for every certificate that is needed',
    })
  }
  const kept = [CLUSTER_CA, REQUEST_HEADER_CA].flatMap((name) => {
    const authority = entries[name]
    return (authority && keptKeyWarning(authority)) ?? []
  })
  return { bundle: sorted(entries), warnings: [...warnings, ...problems.warnings, ...kept] }
}

/**
 * Of a cluster whose CA issues elsewhere only those certificates have to be there that are new: the others are the state's. Nor is the key of the CA
 * kept if the directory has it.
 */
function keepOthers(entries: Record<string, CertificateEntry>, { config, existing }: CustomRequest): void {
  const wanted = wantedCertificates(config).map(({ name }) => name)
  for (const name of [CLUSTER_CA, REQUEST_HEADER_CA, ...wanted]) {
    const stored = existing?.[name]
    if (entries[name] === undefined && stored !== undefined) entries[name] = stored
  }
  const ca = entries[CLUSTER_CA]
  if (ca !== undefined) entries[CLUSTER_CA] = { ...ca, keyPEM: '' }
}

/** Fills in what the directory may leave out; gives what the user should know of that. */
function standIns(entries: Record<string, CertificateEntry>, { existing }: CustomRequest): readonly string[] {
  const warnings: string[] = []
  const ca = entries[CLUSTER_CA]?.certificatePEM
  if (ca && !entries[REQUEST_HEADER_CA]?.certificatePEM) {
    warnings.push(`there is no ${REQUEST_HEADER_CA}.pem: the certificate of kube-ca is used instead`)
    entries[REQUEST_HEADER_CA] = customEntry(REQUEST_HEADER_CA, ca, '')
  }
  const given = entries[TOKEN_CERTIFICATE]
  if (given?.certificatePEM && given.keyPEM) return warnings
  const stored = existing?.[TOKEN_CERTIFICATE]
  const server = entries['kube-apiserver']
  if (stored?.keyPEM) entries[TOKEN_CERTIFICATE] = stored
  else if (server?.certificatePEM && server.keyPEM) {
    warnings.push(
      `there is no ${TOKEN_CERTIFICATE}.pem with its key: tokens are signed with the key of kube-apiserver`,
    )
    entries[TOKEN_CERTIFICATE] = newEntry(TOKEN_CERTIFICATE, server.certificatePEM, server.keyPEM)
  }
  return warnings
}

interface ReadEntries {
  readonly entries: Record<string, CertificateEntry>
  /** Files that cannot be read. */
  readonly unreadable: readonly { readonly name: string; readonly error: string }[]
}

/** RKE takes the first certificate of a file alone, so does this program unless `keepsChains`. */
function readEntries(files: ReadonlyMap<string, string>, keepsChains: boolean): ReadEntries {
  const unreadable: { name: string; error: string }[] = []
  const attempt = (name: string, file: string, read: (text: string) => string, what: string): string => {
    const text = files.get(file) ?? ''
    try {
      return text.trim() === '' ? '' : read(text)
    } catch (thrown) {
      if (!(thrown instanceof PkiError)) throw thrown
      unreadable.push({ name, error: `failed to read ${what}: ${thrown.message}` })
      return ''
    }
  }
  const names = [...files.keys()]
    .filter((file) => file.endsWith('.pem') && !file.endsWith('-key.pem') && !file.endsWith('-csr.pem'))
    .map((file) => file.slice(0, -'.pem'.length))
  const entries = names.map((name) => {
    const [file, keyFile] = [`${name}.pem`, `${name}-key.pem`]
    const readKey = inventoryRow(name)?.usage === 'ca' ? readAuthorityKey : readPrivateKey
    const certificate = attempt(
      name,
      file,
      (text) => (keepsChains ? certificateTexts(text, file) : parseCertificate(text, file).pem),
      `certificate [${file}]`,
    )
    const key = attempt(
      name,
      keyFile,
      (text) => encodePrivateKey(readKey(text, keyFile)),
      `key [${keyFile}], make sure it is not encrypted`,
    )
    const entry = customEntry(name, certificate, key)
    return [name, entry] as const
  })
  return { entries: Object.fromEntries(entries), unreadable }
}

function customEntry(name: string, certificatePEM: string, keyPEM: string): CertificateEntry {
  const commonName = name === 'kube-node' ? (inventoryRow(name)?.commonName ?? name) : name
  return { ...newEntry(name, certificatePEM, keyPEM), commonName }
}

function sorted(entries: Readonly<Record<string, CertificateEntry>>): CertificatesBundle {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
}
