import { Secret } from '../../secret.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import { createSigningRequest, namesRequested } from '../encoding/csr.ts'
import type { KeySource } from '../encoding/keys.ts'
import { encodePrivateKey, readPrivateKey } from '../encoding/pem-contents.ts'
import { csrFileName } from '../inventory/certificate-names.ts'
import { type WantedCertificate, wantedCertificates } from '../inventory/wanted.ts'
import type { SanList } from '../issue/sans.ts'

/** What `cert generate-csr` starts from. */
export interface SigningRequestsRequest {
  readonly config: CertificateConfig
  /** The texts of the `.pem` files that are in the certificate directory already, by file name. */
  readonly files: ReadonlyMap<string, string>
  readonly keys: KeySource
}

/** A file to write into the certificate directory. */
export interface SigningFile {
  readonly name: string
  readonly mode: number
  readonly content: Secret<string>
}

/**
 * A signing request and a key for every certificate that a user's own authority has to sign: all except the token's,
 * whose certificate is not used. Matching requests and existing keys stay.
 */
export async function signingRequests(request: SigningRequestsRequest): Promise<readonly SigningFile[]> {
  const wanted = wantedCertificates(request.config).filter(({ row }) => row.neverRenewed === undefined)
  const files = await Promise.all(wanted.map((one) => filesFor(one, request)))
  return files.flat()
}

async function filesFor(
  { name, profile }: WantedCertificate,
  { files, keys }: SigningRequestsRequest,
): Promise<readonly SigningFile[]> {
  const csrName = csrFileName(name)
  const keyName = `${name}-key.pem`
  const existingKey = files.get(keyName)
  const existing = files.get(csrName)
  const keyPem = existingKey ?? (await keys.generate())
  const key = readPrivateKey(keyPem, keyName)
  const fits =
    existing !== undefined &&
    existingKey !== undefined &&
    sameNames(namesRequested(existing, csrName), profile.names)
  const csr = fits ? existing : await createSigningRequest(profile, key)
  return [
    { name: csrName, mode: 0o600, content: new Secret(csr) },
    { name: keyName, mode: 0o600, content: new Secret(existingKey ?? encodePrivateKey(key)) },
  ]
}

function sameNames(one: SanList, other: SanList = { dnsNames: [], ips: [] }): boolean {
  return JSON.stringify([one.dnsNames, one.ips]) === JSON.stringify([other.dnsNames, other.ips])
}
