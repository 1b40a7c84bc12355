const BLOCK = 512

/** One entry of an archive. */
export interface TarEntry {
  readonly name: string
  readonly type: 'file' | 'directory' | 'symlink' | 'link'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Where a link leads to; else empty. */
  readonly linkname: string
  readonly content: Buffer
}

const TYPES: Readonly<Record<string, TarEntry['type']>> = {
  0: 'file',
  1: 'link',
  2: 'symlink',
  5: 'directory',
}
/** An extended header, which says what has no room in the header of the next entry. */
const EXTENDED = 'x'

/** The entries of a whole archive (ustar, with the extended headers of POSIX), read at once. */
export function* tarEntries(archive: Buffer): Generator<TarEntry> {
  let extended: Readonly<Record<string, string>> = {}
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const text = (start: number, length: number): string => textAt(archive, at + start, length)
    const number = (start: number): number => Number.parseInt(text(start, 8), 8)
    const size = Number.parseInt(text(124, 12), 8)
    const content = archive.subarray(at + BLOCK, at + BLOCK + size)
    const flag = text(156, 1)
    const prefix = text(345, 155)
    const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`
    const linkname = text(157, 100)
    const [mode, uid, gid] = [number(100), number(108), number(116)]
    at += BLOCK * (1 + Math.ceil(size / BLOCK))
    if (flag === EXTENDED) {
      extended = recordsOf(content.toString('utf8'))
      continue
    }
    const type = TYPES[flag]
    if (type === undefined) throw new Error(`an archive with an entry of the unknown type ${flag}`)
    const { path = name, linkpath = linkname } = extended
    extended = {}
    yield { name: path, type, mode, uid, gid, linkname: linkpath, content }
  }
}

function textAt(archive: Buffer, start: number, length: number): string {
  const end = archive.indexOf(0, start)
  return archive.toString('utf8', start, end === -1 ? start + length : Math.min(end, start + length))
}

/** Lines `<length> <name>=<value>`. */
function recordsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^\d+ ([^=]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  )
}
