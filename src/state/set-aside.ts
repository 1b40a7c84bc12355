import { constants, copyFile, rm } from 'node:fs/promises'

/**
 * Gives a file the name `<file>.<moment>.bak`, of the form `cluster.rkestate.2026-03-01T10-00-00Z.bak`; a number
 * follows the moment if that name is taken. Nothing is ever overwritten.
 * @returns the new name; `undefined` if there is no such file.
 * @throws the file system's error.
 */
export async function setAside(path: string, now: Date): Promise<string | undefined> {
  const moment = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  for (let count = 1; ; count++) {
    const name = `${path}.${moment}${count === 1 ? '' : `-${count}`}.bak`
    try {
      await copyFile(path, name, constants.COPYFILE_EXCL)
      await rm(path)
      return name
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
      if (code === 'ENOENT') return undefined
      if (code !== 'EEXIST') throw thrown
    }
  }
}
