import type { Secret } from '../../secret.ts'

/** Mode and owner of a file or folder. */
export interface NodeAccess {
  /** Permission bits, such as 0o600. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** A file as it is on a node. */
export interface NodeFile extends NodeAccess {
  /** Bytes. */
  readonly size: number
  /** When it was written, in milliseconds since 1970, cut to the second. */
  readonly modified?: number
  readonly content: Secret<Buffer>
}

/** A file as it should be on a node. */
export interface WantedFile {
  /** Absolute path on the node. */
  readonly path: string
  readonly mode: number
  readonly content: Secret<string>
  /** Root without it. */
  readonly uid?: number
  readonly gid?: number
}
