import { type ArchiveDirectory, type ArchiveMember, databaseMember, stateMember } from './archive-members.ts'
import { databaseSizeProblem } from './database-size.ts'
import { LOCAL_HEADER } from './member-data.ts'

/** The directory of the archive of a snapshot, or why it is none. */
export type Directory = { readonly directory: ArchiveDirectory } | { readonly problem: string }

/** Content per byte of deflated data, at most. */
const MOST_INFLATED = 1032

/** Bytes, more than any state has; it is read into memory. */
export const LARGEST_STATE = 64 * 1024 * 1024

/**
 * Whether these are the members of the archive of the snapshot `name`, of that size, and what they declare is possible:
 * RKE looks members up by exactly these names. Any other member was not written by RKE or this program.
 */
export function checkMembers(name: string, size: number, members: readonly ArchiveMember[]): Directory {
  const [wanted, stateName] = [databaseMember(name), stateMember(name)]
  const databases = members.filter((member) => member.name === wanted)
  const states = members.filter((member) => member.name === stateName)
  const foreign = members.find((member) => member.name !== wanted && member.name !== stateName)
  const [[database], [state]] = [databases, states]
  const problem =
    (foreign && (database === undefined ? renamed(foreign) : undefined)) ??
    (foreign && `it holds ${JSON.stringify(foreign.name)}, which is no part of a snapshot`) ??
    (databases.length > 1 || states.length > 1 ? 'it holds a member twice' : undefined) ??
    (database && memberProblem(database, size)) ??
    (database && databaseSizeProblem(database.bytes)) ??
    (state && memberProblem(state, size)) ??
    (state && state.bytes > LARGEST_STATE ? `its state file is said to have ${state.bytes} bytes` : undefined)
  if (problem !== undefined) return { problem }
  if (database === undefined) return { problem: `it does not hold ${wanted}` }
  return { directory: { database, ...(state && { state }) } }
}

/** A file whose name was changed: RKE would not find the member either. */
function renamed({ name }: ArchiveMember): string | undefined {
  const original = name.startsWith(databaseMember('')) ? name.slice(databaseMember('').length) : ''
  if (original === '' || original.includes('/')) return undefined
  return `the file was renamed: it holds the snapshot ${original}. Give it back its name ${original}.zip`
}

/** Why data of this size cannot be where the directory says, or cannot become as much. */
function memberProblem(
  { name, offset, compressedBytes, bytes }: ArchiveMember,
  size: number,
): string | undefined {
  if (offset + LOCAL_HEADER + Buffer.byteLength(name) + compressedBytes > size)
    return 'its data would reach beyond the end of the file'
  if (bytes > compressedBytes * MOST_INFLATED)
    return `${name} is said to have ${bytes} bytes, which ${compressedBytes} compressed bytes cannot hold`
  return undefined
}
