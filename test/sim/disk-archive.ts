import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import tar from 'tar-stream'
import type { SimDisk } from './disk.ts'
import { type TarEntry, tarEntries } from './tar-entries.ts'

/** What data begins with that gzip packed. */
const GZIP = Buffer.from([0x1f, 0x8b])

/**
 * Unpacks an archive below a folder as Docker does: entry by entry, each in place of what had its name. With
 * `limit` it stops after so many entries, as if the connection had broken there.
 */
export async function unpack(
  archive: Readable | Buffer,
  disk: SimDisk,
  folder: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<void> {
  const sent = Buffer.isBuffer(archive) ? archive : await buffer(archive)
  const bytes = sent.subarray(0, GZIP.length).equals(GZIP) ? gunzipSync(sent) : sent
  let count = 0
  for (const entry of tarEntries(bytes)) {
    if (count === limit) return
    count += 1
    place(entry, disk, posix.join(folder, entry.name), folder)
  }
}

function place(entry: TarEntry, disk: SimDisk, path: string, folder: string): void {
  const { type, mode, uid, gid, linkname, content } = entry
  if (type === 'directory') {
    const present = disk.at(path)
    if (present?.type === 'directory') Object.assign(present, { mode, uid, gid })
    else disk.put(path, { type, mode, uid, gid })
  } else if (type === 'symlink') {
    disk.put(path, { type, mode: 0o777, uid, gid, target: linkname })
  } else if (type === 'link') {
    const target = disk.at(posix.join(folder, linkname))
    if (target === undefined) throw new Error(`link ${linkname} ${path}: no such file or directory`)
    Object.assign(target, { mode, uid, gid })
    disk.put(path, target)
  } else {
    disk.put(path, { type, mode, uid, gid, content })
  }
}

/** An archive of a file or folder as Docker makes it: entries begin with `root`, the last name of the path asked for. */
export async function archiveOf(disk: SimDisk, path: string, root: string): Promise<Buffer | undefined> {
  if (!disk.exists(path)) return undefined
  const archive = tar.pack()
  for (const name of [path, ...disk.below(path)]) {
    const inode = disk.at(name)
    if (inode === undefined) continue
    const { mode, uid, gid } = inode
    const header = { name: posix.join(root, posix.relative(path, name)), mode, uid, gid }
    if (inode.type === 'file')
      archive.entry({ ...header, mtime: new Date(inode.modified ?? 0) }, inode.content)
    else if (inode.type === 'symlink') archive.entry({ ...header, type: 'symlink', linkname: inode.target })
    else archive.entry({ ...header, type: 'directory' })
  }
  archive.finalize()
  return await buffer(archive)
}
