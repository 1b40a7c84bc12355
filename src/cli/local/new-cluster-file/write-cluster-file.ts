import { constants } from 'node:fs'
import { copyFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../../../errors.ts'
import { codeOf } from '../../../files/error-code.ts'
import { readText } from '../../../files/read-file.ts'
import { replaceText } from '../../../files/replace-file.ts'

/** Mode of a new file, before the user's umask. */
const MODE = 0o640
const LARGEST = 16 * 1024 * 1024

/**
 * Writes a cluster file as `replaceText` does. An existing file is kept as a backup beside it.
 * @returns the name of the backup; `undefined` if there was no file, or it has the same content.
 * @throws ConfigError if the file cannot be written; an existing one is unchanged.
 */
export async function writeClusterFile(path: string, text: string): Promise<string | undefined> {
  if (path === '') throw new ConfigError('the name of the file is empty', { hint: 'name it with --name' })
  try {
    const before = await stat(path).catch(() => undefined)
    if (before?.isDirectory())
      throw new ConfigError(`${path} is a folder`, { hint: 'name a file with --name' })
    if (before?.isFile() && (await readText(path, LARGEST).catch(() => undefined)) === text) return undefined
    const kept = before?.isFile() ? await keep(path) : undefined
    await replaceText(path, text, { mode: MODE })
    return kept
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    const first =
      codeOf(cause) === 'ENOENT' ? `create the folder ${dirname(path)}` : 'make its folder writable'
    throw new ConfigError(`the file ${path} cannot be written`, {
      step: 'write the cluster file',
      untouched: true,
      hint: `${first}, name another file with --name, or use --print`,
      cause,
    })
  }
}

/** Copies the file to the first free name: `cluster.yml.bak`, `cluster.yml.bak.2`, … */
async function keep(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${path}.bak` : `${path}.bak.${number}`
    try {
      await copyFile(path, name, constants.COPYFILE_EXCL)
      return name
    } catch (thrown) {
      if (codeOf(thrown) !== 'EEXIST') throw thrown
    }
  }
}
