import { hash } from 'node:crypto'
import type { FileSpec } from '../../desired/container-spec.ts'
import type { Secret } from '../../secret.ts'

const known = new WeakMap<Secret<string>, string>()

/** Lower-case hex SHA-256 of what a file should hold, made once: nodes with the same roles share their files. */
export function fileDigest({ content }: FileSpec): string {
  const digest = known.get(content) ?? hash('sha256', content.reveal())
  known.set(content, digest)
  return digest
}
