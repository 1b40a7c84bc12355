import type { Secret } from '../secret.ts'

/** A file as it is on a node. */
export interface NodeFile {
  /** Permission bits, such as 0o600. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes. */
  readonly size: number
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

/** What differs between a file as wanted and as it is, in words for people, without its content; empty if nothing does. */
export function fileDifferences(wanted: WantedFile, present: NodeFile | undefined): readonly string[] {
  if (present === undefined) return ['missing']
  const differences: string[] = []
  if (!present.content.reveal().equals(Buffer.from(wanted.content.reveal()))) differences.push('content')
  if (present.mode !== wanted.mode) differences.push(`mode ${octal(present.mode)} → ${octal(wanted.mode)}`)
  const [uid, gid] = [wanted.uid ?? 0, wanted.gid ?? 0]
  if (present.uid !== uid || present.gid !== gid) {
    differences.push(`owner ${present.uid}:${present.gid} → ${uid}:${gid}`)
  }
  return differences
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
