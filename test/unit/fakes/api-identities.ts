import type { KubeCredentials } from '../../../src/kube/client/endpoint-pool.ts'
import { TestAuthority, type TestCertificate } from './test-tls.ts'

/** Who is who at a server of a cluster's API on loopback. */
export interface ApiIdentities {
  readonly authority: TestAuthority
  /** The server's own. */
  readonly identity: TestCertificate
  /** Of the client `kube-admin` in the group `system:masters`. */
  readonly credentials: KubeCredentials
}

let made: Promise<ApiIdentities> | undefined

/** The same ones for all tests of a process: RSA keys take longer than what is tested with them. */
export function apiIdentities(): Promise<ApiIdentities> {
  made ??= (async () => {
    const authority = await TestAuthority.create()
    const identity = await authority.server(['localhost', 'kubernetes'], ['127.0.0.1'])
    const admin = await authority.client('kube-admin', 'system:masters')
    return { authority, identity, credentials: { ca: authority.ca, ...admin } }
  })()
  return made
}
