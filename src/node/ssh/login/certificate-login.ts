import type { Client, ParsedKey } from 'ssh2'
import { ConnectionError } from '../../../errors.ts'
import { isCertificateKey } from '../keys/certificate-key.ts'
import { string } from '../keys/wire.ts'

const USERAUTH_REQUEST = 50

type Signer = (data: Buffer, done: (signature: Buffer) => void) => void
type AuthPK = (
  this: Protocol,
  username: string,
  key: ParsedKey,
  algorithm: string | undefined,
  sign?: Signer,
) => void

/** The inner parts of an ssh2 client that are needed to send one message of our own. */
interface Protocol {
  authPK: AuthPK
  readonly _kex: { readonly sessionID: Buffer }
  readonly _authsQueue: string[]
  readonly _cipher: { encrypt(packet: Buffer): void }
  readonly _packetRW: {
    readonly write: { allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer }
  }
}

/**
 * Lets an ssh2 client log in with a user certificate. ssh2 writes the offered algorithm into the signature
 * too, where OpenSSH wants the plain key's algorithm (RFC 4252 §7, OpenSSH's PROTOCOL.certkeys); so the signed
 * request of a certificate is put together here. This needs inner parts of ssh2, which is why package.json names
 * one version of it; other logins do not come here. Call it after `connect()`, which makes the protocol.
 */
export function allowCertificates(client: Client): void {
  const protocol: unknown = Reflect.get(client, '_protocol')
  if (!isProtocol(protocol)) {
    throw new ConnectionError('other', 'this version of ssh2 does not fit the login with SSH certificates', {
      hint: 'use a plain key, or the ssh2 version that package.json names',
    })
  }
  const plain = protocol.authPK
  protocol.authPK = function authPK(username, key, algorithm, sign) {
    if (sign === undefined || !isCertificateKey(key)) return plain.call(this, username, key, algorithm, sign)
    const request = Buffer.concat([
      Buffer.of(USERAUTH_REQUEST),
      string(username),
      string('ssh-connection'),
      string('publickey'),
      Buffer.of(1),
      string(key.certificateAlgorithm.offered),
      string(key.getPublicSSH()),
    ])
    sign(Buffer.concat([string(this._kex.sessionID), request]), (signature) => {
      send(this, Buffer.concat([request, string(signature)]))
    })
  }
}

function send(protocol: Protocol, payload: Buffer): void {
  const writer = protocol._packetRW.write
  const start = writer.allocStart
  const packet = writer.alloc(payload.length)
  packet.set(payload, start)
  protocol._authsQueue.push('publickey')
  protocol._cipher.encrypt(writer.finalize(packet))
}

function isProtocol(value: unknown): value is Protocol {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'authPK') === 'function' &&
    ['_kex', '_cipher', '_packetRW', '_authsQueue'].every((name) => name in value)
  )
}
