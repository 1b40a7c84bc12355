import { createHash } from 'node:crypto'

/** Lower-case hex MD5 of a text's UTF-8 bytes: a checksum, not a protection. */
export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex')
}
