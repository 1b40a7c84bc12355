import { hash } from 'node:crypto'
import { Secret } from '../../secret.ts'
import type { Action } from '../action.ts'
import { secretDigest } from './secret-digest.ts'

/**
 * Lower-case hex SHA-256 over all that an action holds, so that another value anywhere in it is another action. A secret
 * counts by its digest; one that is made anew by each plan (`generated` in the object that holds it) by being new, and one
 * with a `digest` beside it by that.
 */
export function actionDigest(action: Action): string {
  return hash('sha256', JSON.stringify(plain(action)))
}

/** A value as JSON writes it, but for secrets, and for what conceals itself from JSON. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const owner: { readonly generated?: unknown; readonly digest?: unknown } = value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      member instanceof Secret ? secretOf(owner, member) : plain(member),
    ]),
  )
}

function secretOf(
  owner: { readonly generated?: unknown; readonly digest?: unknown },
  secret: Secret<unknown>,
) {
  if (owner.generated === true) return 'new'
  return owner.digest === undefined ? secretDigest(secret) : 'by digest'
}
