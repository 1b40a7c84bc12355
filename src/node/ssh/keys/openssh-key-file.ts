import { createPublicKey, type KeyObject } from 'node:crypto'
import { string, uint32 } from './wire.ts'

const MAGIC = Buffer.from('openssh-key-v1\0')
const BLOCK = 8

/** An Ed25519 key as an unencrypted OpenSSH key file (OpenSSH's PROTOCOL.key), which holds no other form. */
export function ed25519OpensshKey(key: KeyObject): string {
  const seed = rawBytes(key.export({ format: 'jwk' }).d)
  const point = rawBytes(createPublicKey(key).export({ format: 'jwk' }).x)
  const type = string('ssh-ed25519')
  const check = uint32(0)
  const secrets = Buffer.concat([
    check,
    check,
    type,
    string(point),
    string(Buffer.concat([seed, point])),
    string(''),
  ])
  const padding = Buffer.from(
    Array.from({ length: (BLOCK - (secrets.length % BLOCK)) % BLOCK }, (_, i) => i + 1),
  )
  const body = Buffer.concat([
    MAGIC,
    string('none'),
    string('none'),
    string(''),
    uint32(1),
    string(Buffer.concat([type, string(point)])),
    string(Buffer.concat([secrets, padding])),
  ])
  const lines = body.toString('base64').replace(/(.{70})/g, '$1\n')
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`
}

function rawBytes(base64url: string | undefined): Buffer {
  return Buffer.from(base64url ?? '', 'base64url')
}
