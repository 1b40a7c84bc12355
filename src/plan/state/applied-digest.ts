import { hash } from 'node:crypto'
import type { HalfState } from '../../state/cluster-state.ts'

/**
 * Lower-case hex SHA-256 of what a run records as applied, the same each time it is planned: without certificates whose
 * names are in `generated`, which are made anew by each plan, and without the encryption file, which follows from the rest
 * or has a key that is made anew.
 */
export function appliedDigest(half: HalfState, generated: ReadonlySet<string>): string {
  const certificates = Object.entries(half.certificatesBundle ?? {}).map(([name, entry]) =>
    generated.has(name) ? [name] : [name, entry],
  )
  return hash('sha256', JSON.stringify([half.rkeConfig, certificates]))
}
