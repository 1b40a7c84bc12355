import type { CertificateEntry } from '../encoding/certificate-entry.ts'
import { readAuthorityKey } from '../encoding/pem-contents.ts'

/** What the user should know of the key of an authority that the state keeps; undefined where RKE can read it, too. */
export function keptKeyWarning({ name, keyPEM }: CertificateEntry): string | undefined {
  if (keyPEM === '' || readAuthorityKey(keyPEM, name).asymmetricKeyType !== 'ec') return undefined
  return (
    `the key of ${name} is elliptic: RKE reads RSA keys only, and could not take the cluster back from a state with this one. ` +
    'With "ca_key: external" among "certificates" in cluster.yml the key of the CA is not kept'
  )
}
