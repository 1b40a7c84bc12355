import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How the temporary file is opened; replaced in tests to make a disk fail. */
export type OpenFile = typeof open

/**
 * Replaces a file's content in one step: written to a file beside it, flushed to the disk, then renamed. Whatever
 * fails, even a full disk or a crash, the old content stays whole. The new file's mode is 0600, if no other is given.
 * @throws the file system's error.
 */
export async function atomicWrite(
  path: string,
  content: string,
  openFile: OpenFile = open,
  mode = 0o600,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = await openFile(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
  await syncFolder(dirname(path))
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
