import { Secret } from '../../secret.ts'
import type { FileSpec } from '../container-spec.ts'

/** A file that only root may read: its text and one more line break, as RKE writes them with `echo`. */
export const rootFile = (path: string, text: string): FileSpec => ({
  path,
  mode: 0o600,
  content: new Secret(`${text}\n`),
  uid: 0,
  gid: 0,
})
