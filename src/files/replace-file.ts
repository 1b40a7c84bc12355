import { randomUUID } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { type FileHandle, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from './error-code.ts'
import { type Fill, overwrite } from './overwrite.ts'

export interface ReplaceOptions {
  /** Mode of a new file, before the user's umask. Default: 0600. */
  readonly mode?: number
  /** File system calls; tests replace them to simulate a failing disk. */
  readonly calls?: FileCalls
}

export interface FileCalls {
  readonly open: typeof open
  readonly rename: typeof rename
}

const usual: FileCalls = { open, rename }

/** Writes a text as `replaceFile` does. */
export const replaceText = (path: string, text: string, options: ReplaceOptions = {}): Promise<void> =>
  replaceFile(path, (file) => file.writeFile(text), options)

/**
 * Replaces the content of a file in one step: written to a temporary file beside it, flushed, then renamed. After any
 * failure, even a full disk or a crash, the old content is intact. An existing file keeps its mode and owner, and a
 * link stays a link.
 *
 * A file that cannot be replaced (a mount point, a read-only folder, an owner that cannot be kept) or must not be (a
 * device) is overwritten instead.
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

/** Errors on which the file is overwritten instead. */
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
    await writeFile(file, createReadStream(path))
  }

/** Makes the rename durable, where the file system can flush a folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch {
    // Some file systems cannot flush a folder; the rename itself is done.
  }
}
