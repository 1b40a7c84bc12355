import type { Access } from '../../../desired/container-spec.ts'
import type { ObservedAccess } from '../../../observe/observed-node.ts'

const READ_OR_ENTER = 0o555
const OTHERS_MAY_WRITE = 0o022
const OTHERS_MAY_ANYTHING = 0o077

/** How a file or folder is not as it should be: modes as `0755`, owners as `uid:gid`. */
export interface AccessDifference {
  readonly kind: 'mode' | 'owner'
  readonly from: string
  readonly to: string
}

/**
 * Why those whom a file or folder is for cannot use it, or others can; empty if neither. A mode that only
 * forbids more than is asked for, such as 0400 for 0600, is none of these, and group and others may read what is public.
 */
export function accessDifferences(wanted: Access, actual: ObservedAccess): readonly AccessDifference[] {
  const { mode, uid, gid, isPublic = false } = wanted
  const missing = mode & READ_OR_ENTER & ~actual.mode
  const excess = actual.mode & ~mode & (isPublic ? OTHERS_MAY_WRITE : OTHERS_MAY_ANYTHING)
  const isOwners = uid === undefined || (uid === actual.uid && (gid ?? uid) === actual.gid)
  return [
    ...(missing === 0 && excess === 0
      ? []
      : [{ kind: 'mode', from: octal(actual.mode), to: octal(mode) } as const]),
    ...(isOwners
      ? []
      : [{ kind: 'owner', from: `${actual.uid}:${actual.gid}`, to: `${uid}:${gid ?? uid}` } as const]),
  ]
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')
