import { createHash } from 'node:crypto'
import type { ParsedKey } from 'ssh2'

/** As `ssh-add -l` shows a key: type and fingerprint. */
export function describeKey(key: ParsedKey): string {
  const digest = createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '')
  return `${key.type} SHA256:${digest}`
}
