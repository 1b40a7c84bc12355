/** Reasons of the operating system for what a program asks of files, in words. */
const FILE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'this user has no permission',
  EPERM: 'this user has no permission',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota of this user is used up',
  EROFS: 'the file system is read-only',
  ELOOP: 'its path has too many symbolic links',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'this process has too many open files',
}

/** Calls that are about connections: their codes mean something else. */
const CONNECTION_CALLS: ReadonlySet<string> = new Set(['connect', 'read', 'write', 'getaddrinfo'])

/** What a thrown value says, in words: failures of files without the codes of the operating system. */
export function failureText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const [code, call] = [textAt(thrown, 'code'), textAt(thrown, 'syscall')]
  const isOfFile = code === 'EISDIR' || (call !== '' && !CONNECTION_CALLS.has(call)) || code === 'ENOSPC'
  const words = isOfFile ? FILE_REASONS[code] : undefined
  if (words !== undefined) return words
  // Node tries all addresses of a name, and its error has no text of its own then.
  const first: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause
  if (thrown.message === '' && first !== undefined) return failureText(first)
  return thrown.message || code || thrown.name
}

function textAt(error: Error, key: string): string {
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' ? value : ''
}
