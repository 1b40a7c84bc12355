import type { ParsedKey } from 'ssh2'
import { ConnectionError } from '../../../errors.ts'
import { type Environment, expandHome } from '../login/home.ts'
import { type KeyFailure, type PrivateKeyResult, parsePrivateKey } from './private-key.ts'

/** Where keys come from. Files, environment and terminal are the caller's; nothing is read behind its back. */
export interface KeySources {
  readonly env: Environment
  readonly agentSocket: string | undefined
  readonly readFile: (path: string) => Promise<string>
  /** Asks for the passphrase of a key; `undefined` if there is nobody to ask. */
  readonly passphrase: ((keyPath: string) => Promise<string | undefined>) | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const PASSPHRASE_ATTEMPTS = 3

/** Reads private keys, each only once, so that a passphrase is asked for once and not once per node. */
export class KeyReader {
  readonly env: Environment
  readonly agentSocket: string | undefined
  readonly readText: (path: string) => Promise<string>
  readonly passphrase: ((keyPath: string) => Promise<string | undefined>) | undefined
  readonly now: () => number
  readonly #parsed = new Map<string, Promise<PrivateKeyResult>>()

  constructor(sources: KeySources) {
    this.env = sources.env
    this.agentSocket = sources.agentSocket
    this.readText = sources.readFile
    this.passphrase = sources.passphrase
    this.now = sources.now
  }

  /** Reads the key file of `host`; `~` is the home directory. */
  async readFile(host: string, path: string): Promise<{ key: ParsedKey; label: string }> {
    const label = expandHome(path, this.env)
    return {
      label,
      key: await this.read(host, label, await readNamedText(this, host, label, 'ssh_key_path')),
    }
  }

  /** Parses key text; `label` names it to people and never holds any of it. */
  async read(host: string, label: string, text: string): Promise<ParsedKey> {
    let result = this.#parsed.get(text)
    if (result === undefined) {
      result = this.#decrypt(label, text)
      this.#parsed.set(text, result)
      result.catch(() => this.#parsed.delete(text))
    }
    const parsed = await result
    if ('key' in parsed) return parsed.key
    const kind = parsed.failed === 'passphrase' ? 'key-locked' : 'key-unreadable'
    throw new ConnectionError(kind, `SSH key ${label} cannot be used: ${parsed.reason}`, {
      host,
      key: [label === INLINE_KEY ? 'sshKey' : 'sshKeyPath'],
      step: 'read SSH key',
      hint: hintFor(parsed.failed, label),
    })
  }

  async #decrypt(label: string, text: string): Promise<PrivateKeyResult> {
    let result = parsePrivateKey(text)
    let previous: string | undefined
    for (let attempt = 0; attempt < PASSPHRASE_ATTEMPTS; attempt += 1) {
      if ('key' in result || !NEEDS_PASSPHRASE.includes(result.failed)) return result
      if (this.passphrase === undefined) return result
      const passphrase = await this.passphrase(label)
      // The same answer twice comes from a program, not from a person who mistyped.
      if (passphrase === undefined || passphrase === '' || passphrase === previous) return result
      result = parsePrivateKey(text, passphrase)
      previous = passphrase
    }
    return result
  }
}

/** How a key that stands in cluster.yml itself is named. */
export const INLINE_KEY = 'ssh_key'

const NEEDS_PASSPHRASE: readonly KeyFailure[] = ['passphrase', 'wrong-passphrase']

/** What to do about a key; `label` is its file, or the key of cluster.yml that holds it. */
function hintFor(failed: KeyFailure, label: string): string {
  switch (failed) {
    case 'passphrase':
      return 'give its passphrase, or load the key into ssh-agent and set ssh_agent_auth: true'
    case 'wrong-passphrase':
      return 'give the right passphrase, or load the key into ssh-agent and set ssh_agent_auth: true'
    case 'putty': {
      const file = label === INLINE_KEY ? 'key.ppk' : label
      const converted = file.endsWith('.ppk') ? file.slice(0, -'.ppk'.length) : `${file}.openssh`
      return `convert it with "puttygen ${file} -O private-openssh -o ${converted}" and give ${converted}`
    }
    case 'cipher':
      return 'encrypt it anew in the usual way: ssh-keygen -p -f FILE'
    case 'public':
      return 'give the private key: the file of that name without .pub'
    case 'unreadable':
      return 'give an OpenSSH or PEM private key; `ssh-keygen -y -f FILE` must be able to read it'
  }
}

/** Reads a text file; says which setting named it if that fails. */
export async function readNamedText(
  keys: Pick<KeyReader, 'readText'>,
  host: string,
  path: string,
  setting: 'ssh_key_path' | 'ssh_cert_path',
): Promise<string> {
  try {
    return await keys.readText(path)
  } catch (cause) {
    throw new ConnectionError('key-unreadable', `${setting} ${path} cannot be read`, {
      host,
      step: 'read SSH key',
      hint: `check that the file exists and that you may read it, or change ${setting}`,
      key: [setting === 'ssh_cert_path' ? 'sshCertPath' : 'sshKeyPath'],
      cause,
    })
  }
}
