import type { ParsedKey } from 'ssh2'
import { ConnectionError } from '../../../errors.ts'
import type { BastionSpec } from '../../transport/link.ts'
import { INLINE_KEY, type KeyReader, readNamedText } from '../keys/key-reader.ts'
import {
  certificateProblem,
  parseSshCertificate,
  plainKeyType,
  type UserCertificate,
} from '../keys/ssh-certificate.ts'
import { expandHome } from './home.ts'

/** What is offered to one SSH server. Keys are named the way a person knows them: by path or "ssh_key". */
export type Credentials =
  | { readonly kind: 'agent'; readonly socket: string }
  | { readonly kind: 'key'; readonly label: string; readonly key: ParsedKey }
  | {
      readonly kind: 'certificate'
      readonly label: string
      readonly key: ParsedKey
      readonly certificate: UserCertificate
      /** Why the server will probably refuse it, if that can be seen from here. */
      readonly doubt?: string
    }

/**
 * Finds the credentials for a node or a bastion in RKE's order: the agent if it is switched on and there is
 * one; else the inline key; else the key file. A certificate, inline or by path, goes with either key.
 * Fails with a `ConnectionError` of kind `key-unreadable` or `key-locked`, whose `key` is that of the login.
 */
export async function loadCredentials(spec: BastionSpec, keys: KeyReader): Promise<Credentials> {
  if (spec.sshAgentAuth === true && keys.agentSocket !== undefined && keys.agentSocket !== '') {
    return { kind: 'agent', socket: keys.agentSocket }
  }
  const inline = nonEmpty(spec.sshKey)
  if (inline === undefined && spec.sshAgentAuth === true) throw noAgent(spec)
  const path = nonEmpty(spec.sshKeyPath)
  if (inline === undefined && path === undefined) throw noKey(spec)
  const { key, label } =
    inline !== undefined
      ? { key: await keys.read(spec.address, INLINE_KEY, inline), label: INLINE_KEY }
      : await keys.readFile(spec.address, path ?? '')
  const certificate = await loadCertificate(spec, keys)
  if (certificate === undefined) return { kind: 'key', label, key }
  requireSameKey(spec, label, key, certificate.certificate)
  const doubt = certificateProblem(certificate.certificate, spec.user, keys.now())
  return {
    kind: 'certificate',
    label: `${label} with ${certificate.label}`,
    key,
    certificate: certificate.certificate,
    ...(doubt === undefined ? {} : { doubt }),
  }
}

async function loadCertificate(
  spec: BastionSpec,
  keys: KeyReader,
): Promise<{ certificate: UserCertificate; label: string } | undefined> {
  const inline = nonEmpty(spec.sshCert)
  const path = nonEmpty(spec.sshCertPath)
  if (inline === undefined && path === undefined) return undefined
  const label = inline !== undefined ? 'ssh_cert' : expandHome(path ?? '', keys.env)
  const text = inline ?? (await readNamedText(keys, spec.address, label, 'ssh_cert_path'))
  const parsed = parseSshCertificate(text)
  if ('reason' in parsed) {
    throw new ConnectionError('key-unreadable', `SSH certificate ${label} cannot be used: ${parsed.reason}`, {
      host: spec.address,
      step: 'read SSH certificate',
      key: [inline === undefined ? 'sshCertPath' : 'sshCert'],
      hint: 'give the file that `ssh-keygen -s` wrote for this key, usually named id_…-cert.pub',
    })
  }
  return { certificate: parsed, label }
}

function requireSameKey(
  spec: BastionSpec,
  label: string,
  key: ParsedKey,
  certificate: UserCertificate,
): void {
  const blob = key.getPublicSSH()
  const same =
    key.type === plainKeyType(certificate.type) && certificate.publicKey.every((part) => blob.includes(part))
  if (same) return
  throw new ConnectionError(
    'key-unreadable',
    `SSH certificate "${certificate.keyId}" was issued for another key than ${label}`,
    {
      host: spec.address,
      step: 'read SSH certificate',
      key: [nonEmpty(spec.sshCert) === undefined ? 'sshCertPath' : 'sshCert'],
      hint: 'give the private key that was certified',
    },
  )
}

function noAgent(spec: BastionSpec): ConnectionError {
  return new ConnectionError('key-unreadable', 'ssh_agent_auth is on, but no SSH agent is running', {
    host: spec.address,
    step: 'find SSH key',
    key: ['sshAgentAuth'],
    hint: 'start ssh-agent and set SSH_AUTH_SOCK, or switch ssh_agent_auth off and give ssh_key_path',
  })
}

function noKey(spec: BastionSpec): ConnectionError {
  return new ConnectionError('key-unreadable', 'no SSH key is given', {
    host: spec.address,
    step: 'find SSH key',
    hint: 'set ssh_key_path, ssh_key or ssh_agent_auth',
  })
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text
}
