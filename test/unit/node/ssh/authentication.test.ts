import ssh2, { type AnyAuthMethod, type ParsedKey } from 'ssh2'
import { expect, test } from 'vitest'
import type { UserCertificate } from '../../../../src/node/ssh/keys/ssh-certificate.ts'
import { authentication } from '../../../../src/node/ssh/login/authentication.ts'
import type { Credentials } from '../../../../src/node/ssh/login/credentials.ts'

const key = ssh2.utils.parseKey(ssh2.utils.generateKeyPairSync('ed25519').private) as ParsedKey
const certificate: UserCertificate = {
  type: 'ssh-ed25519-cert-v01@openssh.com',
  blob: Buffer.alloc(0),
  keyId: 'alice',
  principals: [],
  validAfter: 0n,
  validBefore: 1n,
  publicKey: [],
}

/** Goes through all methods of a login, and what their agents hold. Says how often a certificate was announced. */
async function certificatesOf(credentials: Credentials): Promise<number> {
  let announced = 0
  const { next } = authentication('root', credentials, () => announced++)
  for (let method = next(null, null); method !== false; method = next(['publickey'], false)) {
    await identities(method)
  }
  return announced
}

async function identities(method: AnyAuthMethod): Promise<void> {
  const { agent } = method as { agent?: ssh2.BaseAgent }
  if (agent !== undefined) await new Promise<void>((resolve) => agent.getIdentities(() => resolve()))
}

test('only a certificate is announced, for which inner parts of ssh2 are needed', async () => {
  expect(await certificatesOf({ kind: 'certificate', label: 'k', key, certificate })).toBe(1)
  expect(await certificatesOf({ kind: 'key', label: 'k', key })).toBe(0)
  expect(await certificatesOf({ kind: 'agent', socket: '/no-agent' })).toBe(0)
})
