import type { AnyAuthMethod } from 'ssh2'
import { AgentIdentities } from '../keys/agent-identities.ts'
import { CertificateIdentity } from '../keys/certificate-identity.ts'
import { describeKey } from '../keys/describe-key.ts'
import type { Credentials } from './credentials.ts'

/** What was tried with a server, for the message when none of it was accepted. */
export interface AuthenticationRecord {
  /** Keys that were offered, as people know them. */
  readonly tried: string[]
  /** What the SSH agent could not do. */
  readonly agentErrors: string[]
  /** Methods that the server said could still succeed; empty before it said anything. */
  allowed: readonly string[]
  /** The server took a key, and wants another method besides. */
  partial: boolean
}

export interface Authentication {
  readonly record: AuthenticationRecord
  /** ssh2's `authHandler`: the next method to try, or `false` if there is none left. */
  readonly next: (left: readonly string[] | null, partial: boolean | null) => AnyAuthMethod | false
}

/**
 * Plans the authentication with one server, and records it. `onCertificate` is called before a certificate is
 * offered.
 */
export function authentication(
  username: string,
  credentials: Credentials,
  onCertificate: () => void,
): Authentication {
  const record: AuthenticationRecord = { tried: [], agentErrors: [], allowed: [], partial: false }
  const methods = methodsOf(username, credentials, record, onCertificate)
  const next: Authentication['next'] = (left, partial) => {
    if (left !== null) record.allowed = left
    if (partial === true) record.partial = true
    return methods.shift() ?? false
  }
  return { record, next }
}

function methodsOf(
  username: string,
  credentials: Credentials,
  record: AuthenticationRecord,
  onCertificate: () => void,
): AnyAuthMethod[] {
  if (credentials.kind === 'key') {
    record.tried.push(`${credentials.label} (${describeKey(credentials.key)})`)
    return [{ type: 'publickey', username, key: credentials.key }]
  }
  // ssh2 does not pass on what the server allows after an agent's key was refused, so that is asked first.
  const ask: AnyAuthMethod = { type: 'none', username }
  if (credentials.kind === 'agent') {
    const agent = new AgentIdentities(credentials.socket, record.tried, onCertificate)
    return [ask, { type: 'agent', username, agent }]
  }
  record.tried.push(`${credentials.label} (certificate "${credentials.certificate.keyId}")`)
  const agent = new CertificateIdentity(credentials.key, credentials.certificate, onCertificate)
  return [ask, { type: 'agent', username, agent }]
}
