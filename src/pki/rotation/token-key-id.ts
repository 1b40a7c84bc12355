import { createHash, createPublicKey } from 'node:crypto'
import type { CertificateEntry } from '../encoding/certificate-entry.ts'
import { readPrivateKey } from '../encoding/pem-contents.ts'

/** The id that Kubernetes gives the key of an entry in the header of the tokens which it signs. */
export function tokenKeyId({ name, keyPEM }: CertificateEntry): string {
  const key = createPublicKey(readPrivateKey(keyPEM, `key of certificate "${name}"`))
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
}
