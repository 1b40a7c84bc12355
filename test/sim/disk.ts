import { posix } from 'node:path'

/** What is behind a name on a disk. Hard links are several names of one inode. */
export type Inode =
  // `modified`: milliseconds since 1970.
  | { readonly type: 'file'; mode: number; uid: number; gid: number; content: Buffer; modified?: number }
  | { readonly type: 'directory'; mode: number; uid: number; gid: number }
  | { readonly type: 'symlink'; mode: number; uid: number; gid: number; readonly target: string }

const ORDINARY = ['/dev', '/etc', '/lib/modules', '/run', '/sys', '/usr', '/var/lib/docker', '/var/run']

/** The file system of a simulated machine, by absolute path. */
export class SimDisk {
  readonly #entries = new Map<string, Inode>()
  /** Called after each change. */
  onChange: (() => void) | undefined
  /** Paths of files for which there is no room, as on a disk that is full. */
  isFullAt: (path: string) => boolean = () => false
  /** Bytes that it says are free at a path: of what fills up later it says nothing before. */
  freeAt: (path: string) => number = () => 32_152_812 * 1024

  constructor() {
    for (const path of ORDINARY) this.makeFolder(path)
    this.write('/etc/resolv.conf', 'nameserver 10.66.0.1\n', 0o644)
  }

  /** Takes over all that another disk holds, hard links as well. */
  copyFrom(other: SimDisk): void {
    const copies = new Map([...other.#entries.values()].map((inode) => [inode, { ...inode }]))
    this.#entries.clear()
    for (const [path, inode] of other.#entries) this.#entries.set(path, copies.get(inode) ?? inode)
  }

  /** What is at a path, without following a link there. */
  at(path: string): Inode | undefined {
    return this.#entries.get(clean(path))
  }

  /** Whether there is something, at the end of a link too, as `test -e` sees it. */
  exists(path: string): boolean {
    const found = this.at(path)
    if (found?.type !== 'symlink') return found !== undefined || clean(path) === '/'
    return this.exists(posix.resolve(posix.dirname(clean(path)), found.target))
  }

  /** A file's content; `undefined` if there is no such file. */
  read(path: string): string | undefined {
    const found = this.at(path)
    return found?.type === 'file' ? found.content.toString('utf8') : undefined
  }

  /** A file's bytes; `undefined` if there is no such file. */
  bytes(path: string): Buffer | undefined {
    const found = this.at(path)
    return found?.type === 'file' ? found.content : undefined
  }

  write(path: string, content: string | Buffer, mode = 0o644): void {
    this.put(path, {
      type: 'file',
      mode,
      uid: 0,
      gid: 0,
      content: Buffer.from(content),
      modified: Date.now(),
    })
  }

  /** Puts an inode at a path, in place of what was there. Missing folders above are made. */
  put(path: string, inode: Inode): void {
    const at = clean(path)
    if (inode.type === 'file' && inode.content.length > 0 && this.isFullAt(at)) {
      throw new Error(`write ${at}: no space left on device`)
    }
    if (this.at(at)?.type === 'directory' && inode.type !== 'directory') this.remove(at)
    this.makeFolder(posix.dirname(at))
    this.#entries.set(at, inode)
    this.onChange?.()
  }

  /** Makes a folder, and those above it, if there is nothing at that path. */
  makeFolder(path: string): void {
    const at = clean(path)
    if (at === '/' || this.#entries.has(at)) return
    this.makeFolder(posix.dirname(at))
    this.#entries.set(at, { type: 'directory', mode: 0o755, uid: 0, gid: 0 })
    this.onChange?.()
  }

  /** `mv` to a name that nothing has: a folder goes with all that is in it. */
  rename(from: string, to: string): void {
    const [old, next] = [clean(from), clean(to)]
    const names = [...this.#entries.keys()].filter((name) => name === old || name.startsWith(`${old}/`))
    if (names.length === 0) throw new Error(`mv: cannot stat '${from}': No such file or directory`)
    if (this.exists(next)) throw new Error(`mv: cannot move '${from}' to '${to}': File exists`)
    this.makeFolder(posix.dirname(next))
    for (const name of names) {
      const inode = this.#entries.get(name)
      this.#entries.delete(name)
      if (inode !== undefined) this.#entries.set(next + name.slice(old.length), inode)
    }
    this.onChange?.()
  }

  /** `rm -rf`. */
  remove(path: string): void {
    const at = clean(path)
    for (const name of [...this.#entries.keys()]) {
      if (name === at || name.startsWith(`${at}/`)) this.#entries.delete(name)
    }
    this.onChange?.()
  }

  /** `rmdir`, which fails quietly unless the folder is empty. */
  removeEmpty(path: string): void {
    if (this.at(path)?.type === 'directory' && this.below(path).length === 0) this.remove(path)
  }

  /** Absolute paths of everything below a folder, in order, without the folder itself. */
  below(path: string): readonly string[] {
    const at = clean(path)
    const start = at === '/' ? '/' : `${at}/`
    return [...this.#entries.keys()].filter((name) => name.startsWith(start)).sort()
  }
}

/** Whether a path has anything to be cleaned: an empty part, one of dots, or a slash at its end. */
const UNCLEAN = /\/(\.{0,2}\/|\.{0,2}$)|^(?!\/)/

function clean(path: string): string {
  if (!UNCLEAN.test(path)) return path
  const normal = posix.normalize(path)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}
