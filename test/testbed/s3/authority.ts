import { createPrivateKey } from 'node:crypto'
import { parseCertificate } from '../../../src/pki/encoding/certificate.ts'
import { newKeys } from '../../../src/pki/encoding/keys.ts'
import { issueAuthority, issueCertificate } from '../../../src/pki/issue/issue.ts'

/** A server's certificate and key, and the CA that signed it: all as PEM text. */
export interface ServerIdentity {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** A new CA, which no system trusts, and a server's certificate under it for these names and addresses. */
export async function newServerIdentity(
  dnsNames: readonly string[],
  ips: readonly string[],
): Promise<ServerIdentity> {
  const now = new Date()
  const [caKey, key] = await Promise.all([newKeys.generate(), newKeys.generate()])
  const ca = await issueAuthority('testbed-s3-ca', createPrivateKey(caKey), now)
  const signer = { certificate: parseCertificate(ca), key: createPrivateKey(caKey) }
  const profile = { commonName: 'testbed-s3', usage: 'server', names: { dnsNames, ips } } as const
  return { ca, cert: await issueCertificate(profile, createPrivateKey(key), signer, now), key }
}
