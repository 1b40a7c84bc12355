import type { Access } from '../../desired/container-spec.ts'
import type { ObservedAccess } from '../../observe/observed-node.ts'

const READ_OR_ENTER = 0o555
const OTHERS_MAY_WRITE = 0o022
const OTHERS_MAY_ANYTHING = 0o077

/**
 * Why those whom a file or folder is for cannot use it, or others can; in words, empty if neither. A mode that only
 * forbids more than is asked for, such as 0400 for 0600, is none of these, and group and others may read what is public.
 */
export function accessDifferences(wanted: Access, actual: ObservedAccess): readonly string[] {
  const { mode, uid, gid, isPublic = false } = wanted
  const missing = mode & READ_OR_ENTER & ~actual.mode
  const excess = actual.mode & ~mode & (isPublic ? OTHERS_MAY_WRITE : OTHERS_MAY_ANYTHING)
  const isOwners = uid === undefined || (uid === actual.uid && (gid ?? uid) === actual.gid)
  return [
    ...(missing === 0 && excess === 0 ? [] : [`mode ${octal(actual.mode)} → ${octal(mode)}`]),
    ...(isOwners ? [] : [`owner ${actual.uid}:${actual.gid} → ${uid}:${gid ?? uid}`]),
  ]
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')
