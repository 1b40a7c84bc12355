import { randomUUID } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from './error-code.ts'
import { type Fill, overwrite } from './overwrite.ts'

export interface ReplaceOptions {
  /** Mode of a file that was not there before, from which the user's mask may take. Default: 0600. */
  readonly mode?: number
  /** How files are opened and renamed; replaced in tests to make a disk fail. */
  readonly calls?: FileCalls
}

export interface FileCalls {
  readonly open: typeof open
  readonly rename: typeof rename
}

const usual: FileCalls = { open, rename }

/** Gives a file this text as its content, as `replaceFile` does. */
export const replaceText = (path: string, text: string, options: ReplaceOptions = {}): Promise<void> =>
  replaceFile(path, (file) => file.writeFile(text), options)

/**
 * Gives a file a new content in one step: written to a file beside it, flushed to the disk, then renamed. Whatever fails,
 * even a full disk or a crash, the old content stays whole. A file that is there keeps its mode and its owner, and a link
 * stays a link.
 *
 * Where a file cannot be replaced, because it is mounted by itself as into a container, its folder cannot be written or
 * its owner not be kept, and where it must not be, as a device, the content is written into what is there.
 * @throws the file system's error.
 */
export async function replaceFile(path: string, fill: Fill, options: ReplaceOptions = {}): Promise<void> {
  const { mode = 0o600, calls = usual } = options
  const before = await stat(path).catch(() => undefined)
  if (before?.isFile() === false) return overwrite(path, fill)
  const target = before === undefined ? path : await realpath(path)
  const temporary = `${target}.${randomUUID()}.tmp`
  const unlessThere = (thrown: unknown): undefined => {
    if (before === undefined || !NOT_REPLACEABLE.includes(codeOf(thrown))) throw thrown
  }
  const file = await calls.open(temporary, 'wx', mode).catch(unlessThere)
  if (file === undefined) return overwrite(target, fill)
  try {
    await fill(file)
    await file.sync()
    const placing = likeBefore(file, before).then(() => calls.rename(temporary, target))
    const isPlaced = await placing.then(() => true, unlessThere)
    if (!isPlaced) await overwrite(target, contentOf(temporary))
  } finally {
    await file.close()
    await rm(temporary, { force: true })
  }
  await syncFolder(dirname(target))
}

/** What the file system says where a file cannot be replaced, but perhaps written. */
const NOT_REPLACEABLE = ['EBUSY', 'EPERM', 'EACCES', 'EROFS', 'EXDEV']

async function likeBefore(file: FileHandle, before: Stats | undefined): Promise<void> {
  if (before === undefined) return
  const { gid, uid } = await file.stat()
  if (uid !== before.uid || gid !== before.gid) await file.chown(before.uid, before.gid)
  await file.chmod(before.mode & 0o7777)
}

const contentOf =
  (path: string): Fill =>
  async (file) => {
    await file.writeFile(createReadStream(path))
  }

/** Makes a rename survive a power cut, where the file system lets a folder be flushed. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch {
    // Some file systems cannot flush a folder; the rename itself is done.
  }
}
