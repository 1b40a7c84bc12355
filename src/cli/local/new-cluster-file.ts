import { constants } from 'node:fs'
import { copyFile, readFile, realpath, stat } from 'node:fs/promises'
import { ConfigError } from '../../errors.ts'
import { atomicWrite } from '../../state/atomic-write.ts'

/** Mode of a file that was not there before; the user's mask may take from it. */
const MODE = 0o640

/**
 * Writes a cluster file in one step. A file that is there already keeps its mode, and its content stays beside it.
 * @returns the name under which that is kept; `undefined` if there was none, or it is the same.
 * @throws ConfigError if the file cannot be written; the one that was there is as before.
 */
export async function writeClusterFile(path: string, text: string): Promise<string | undefined> {
  if (path === '') throw new ConfigError('the name of the file is empty', { hint: 'name it with --name' })
  try {
    const target = await realpath(path).catch(() => path)
    const before = await stat(target).catch(() => undefined)
    if (before?.isDirectory())
      throw new ConfigError(`${path} is a folder`, { hint: 'name a file with --name' })
    if (before !== undefined && (await readFile(target, 'utf8')) === text) return undefined
    const kept = before === undefined ? undefined : await keep(path)
    await atomicWrite(target, text, undefined, before === undefined ? MODE : before.mode & 0o777)
    return kept
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    throw new ConfigError(`the file ${path} cannot be written`, {
      step: 'write the cluster file',
      hint: 'nothing was changed; make its folder writable, name another file with --name, or use --print',
      cause,
    })
  }
}

/** Copies the file to the first name beside it that is free: `cluster.yml.bak`, `cluster.yml.bak.2`, … */
async function keep(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${path}.bak` : `${path}.bak.${number}`
    try {
      await copyFile(path, name, constants.COPYFILE_EXCL)
      return name
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
    }
  }
}
