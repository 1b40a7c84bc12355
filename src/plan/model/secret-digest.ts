import { hash } from 'node:crypto'
import type { Secret } from '../../secret.ts'

const known = new WeakMap<Secret<unknown>, string>()

/** Lower-case hex SHA-256 of a text, or of another value as JSON. Made once: nodes with the same roles share their files. */
export function secretDigest(secret: Secret<unknown>): string {
  const digest = known.get(secret) ?? digestOf(secret.reveal())
  known.set(secret, digest)
  return digest
}

const digestOf = (value: unknown): string =>
  hash('sha256', typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
