import ssh2, {
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type PublicKeyEntry,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import { describeKey } from './authentication.ts'

type Identity = string | Buffer | ParsedKey | PublicKeyEntry

/** An SSH agent that notes down which keys it offered, so that an error can name them. */
export class RecordingAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent
  readonly #tried: string[]

  constructor(agent: BaseAgent, tried: string[]) {
    super()
    this.#agent = agent
    this.#tried = tried
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    this.#agent.getIdentities((error, identities) => {
      const keys = (identities ?? []).map(publicKey).filter(isKey)
      for (const key of keys) this.#tried.push(`agent: ${key.comment || 'key'} (${describeKey(key)})`)
      callback(error, keys)
    })
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options)
    else this.#agent.sign(key, data, options, callback)
  }
}

function publicKey(identity: Identity): ParsedKey | Error {
  if (typeof identity === 'object' && 'pubKey' in identity) {
    const { pubKey } = identity
    return ssh2.utils.parseKey(typeof pubKey === 'object' && 'pubKey' in pubKey ? pubKey.pubKey : pubKey)
  }
  return ssh2.utils.parseKey(identity)
}

function isKey(value: ParsedKey | Error): value is ParsedKey {
  return !(value instanceof Error)
}
