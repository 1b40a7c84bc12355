import { constants, copyFile } from 'node:fs/promises'
import { codeOf } from './error-code.ts'
import { removeFile } from './remove-file.ts'

/**
 * Copies a file to `<file>.<time>.bak`, such as `cluster.rkestate.2026-03-01T10-00-00Z.bak`; a number follows if
 * that name is taken. Nothing is overwritten.
 * @returns the new name; `undefined` if there is no such file.
 * @throws the file system's error.
 */
export async function keepCopy(path: string, now: Date): Promise<string | undefined> {
  const moment = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  for (let count = 1; ; count++) {
    const name = `${path}.${moment}${count === 1 ? '' : `-${count}`}.bak`
    try {
      await copyFile(path, name, constants.COPYFILE_EXCL)
      return name
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return undefined
      if (codeOf(thrown) !== 'EEXIST') throw thrown
    }
  }
}

/**
 * Renames a file as `keepCopy` names copies. A file that cannot be deleted is left empty.
 * @returns the new name; `undefined` if there is no such file.
 * @throws the file system's error.
 */
export async function setAside(path: string, now: Date): Promise<string | undefined> {
  const name = await keepCopy(path, now)
  if (name !== undefined) await removeFile(path)
  return name
}
