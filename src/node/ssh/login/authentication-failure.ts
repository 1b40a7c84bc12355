import type { ConnectAttempt } from '../connection/connect-error.ts'

/** Says what was tried, what the server allows, and what a person can do about it. */
export function authenticationFailure(
  attempt: ConnectAttempt,
  error: Error,
): { readonly what: string; readonly hint: string } {
  const { hop, record } = attempt
  const tooMany = /too many authentication failures/i.test(error.message)
  const tried = record.tried.length === 0 ? 'no key' : record.tried.join('; ')
  const allowed = record.allowed.length === 0 ? 'not known' : record.allowed.join(', ')
  const notes = [...record.agentErrors.map((text) => `SSH agent: ${text}`)]
  if (hop.credentials.kind === 'certificate' && hop.credentials.doubt !== undefined) {
    notes.push(hop.credentials.doubt)
  }
  const note = notes.length === 0 ? '' : ` Note: ${notes.join('; ')}.`
  const what = record.partial
    ? `the key of ${hop.user} was accepted, but the server wants more: ${allowed}. Tried: ${tried}.${note}`
    : `the server did not let ${hop.user} in${tooMany ? ' after too many keys' : ''}. Tried: ${tried}. The server allows: ${allowed}.${note}`
  return { what, hint: hintFor(attempt, tooMany) }
}

function hintFor({ hop, record }: ConnectAttempt, tooMany: boolean): string {
  if (tooMany) {
    return 'the agent holds more keys than the server lets one try (MaxAuthTries); load only the needed one'
  }
  if (record.partial) return 'let the key alone be enough for this user (AuthenticationMethods publickey)'
  if (record.allowed.length > 0 && !record.allowed.includes('publickey')) {
    return 'allow public keys on the server (PubkeyAuthentication yes); passwords are not supported'
  }
  if (record.tried.length === 0)
    return 'load a key into the SSH agent (ssh-add), or switch ssh_agent_auth off'
  if (hop.credentials.kind === 'certificate') {
    return `check that the server trusts the certificate's CA (TrustedUserCAKeys) and that it is valid for ${hop.user}`
  }
  return `check the user name, and that the key is in ~${hop.user}/.ssh/authorized_keys on ${hop.address}`
}
