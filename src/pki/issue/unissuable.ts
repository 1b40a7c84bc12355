import { PkiError } from '../../errors.ts'
import type { CertificateEntry } from '../encoding/certificate-entry.ts'
import type { WantedCertificate } from '../inventory/wanted.ts'
import { nameOf, namesForbidden } from '../own/chain-checks.ts'
import type { Authority } from './authorities.ts'

/** A certificate that is wanted, and whether it is issued. */
export interface DecidedLeaf {
  readonly wanted: WantedCertificate
  readonly entry: CertificateEntry | undefined
  readonly signer: Authority
  /** Why it is issued; undefined if the one that is there stays. */
  readonly because: string | undefined
}

/** Refuses, with a `PkiError`, to issue what the authority may not certify, and what its key is missing for. */
export function refuseUnissuable(leaves: readonly DecidedLeaf[]): void {
  const issued = leaves.filter(({ because }) => because !== undefined)
  for (const { wanted, signer } of issued) refuseForbidden(wanted, signer)
  const withoutKey = issued.filter(({ signer }) => signer.key === undefined)
  if (withoutKey.length === 0) return
  const list = withoutKey.map(({ wanted: { name }, because }) => `${name} (${because})`)
  throw new PkiError(
    `the key of the CA is kept elsewhere, and these certificates must be issued: ${list.join(', ')}`,
    {
      step: 'issue certificates',
      untouched: true,
      hint:
        'give the key with "--ca-key FILE" or in the environment variable RKE_CA_KEY; or have these signed: "rke cert generate-csr" writes ' +
        'requests, and with "--custom-certs" the signed certificates are taken',
    },
  )
}

function refuseForbidden({ name, profile }: WantedCertificate, { certificate }: Authority): void {
  const forbidden = namesForbidden(certificate, profile.names)
  if (forbidden.length === 0) return
  throw new PkiError(
    `the name constraints of the CA (${nameOf(certificate)}) do not allow ${forbidden.join(', ')}, which ${name} gets`,
    {
      step: 'issue certificates',
      untouched: true,
      hint: 'choose other names in cluster.yml, or give the cluster another CA with "rke cert rotate --rotate-ca"',
    },
  )
}
