import { rm, truncate } from 'node:fs/promises'
import { codeOf } from './error-code.ts'

/**
 * Deletes a file; no error if there is none. A file that cannot be deleted, because it is a mount point or its folder
 * is read-only, is emptied: an empty file counts as missing.
 * @throws the file system's error.
 */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true })
  } catch (thrown) {
    if (!['EBUSY', 'EPERM', 'EACCES', 'EROFS'].includes(codeOf(thrown))) throw thrown
    await truncate(path)
  }
}
