import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import tar from 'tar-stream'

/** A file of a fake node. Folders are not kept: those that hold a file are there. */
export interface FakeFile {
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly content: string
}

export type FakeFiles = Map<string, FakeFile>

/** Unpacks an archive below a folder as Docker does: an entry replaces whatever had its name. */
export async function unpack(archive: Readable | Buffer, folder: string, files: FakeFiles): Promise<void> {
  const entries = tar.extract()
  if (Buffer.isBuffer(archive)) entries.end(archive)
  else archive.pipe(entries)
  for await (const entry of entries) {
    const { name, type, mode = 0o644, uid = 0, gid = 0, linkname } = entry.header
    const path = posix.join(folder, name)
    const content = (await buffer(entry)).toString('utf8')
    if (type === 'directory') files.delete(path)
    if (type === 'file') files.set(path, { mode, uid, gid, content })
    if (type === 'link') {
      const target = files.get(posix.join(folder, linkname ?? ''))
      if (target === undefined) throw new Error(`archive links ${name} to ${linkname}, which is not there`)
      files.set(path, { ...target, mode, uid, gid })
    }
  }
}

/** An archive of a file or folder as Docker makes it: entries begin with the last name of the path. */
export function archiveOf(
  path: string,
  shown: string,
  files: ReadonlyMap<string, FakeFile>,
): Readable | undefined {
  const archive = tar.pack()
  const root = posix.basename(shown)
  let found = false
  for (const [name, { mode, uid, gid, content }] of files) {
    const relative = posix.relative(path, name)
    if (relative.startsWith('..')) continue
    found = true
    archive.entry({ name: posix.join(root, relative), mode, uid, gid }, content)
  }
  archive.finalize()
  return found ? Readable.from(archive) : undefined
}
