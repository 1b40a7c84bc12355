import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf } from './error-code.ts'

/**
 * Creates a folder and its missing parents. Node's recursive `mkdir` cannot be used: where a file system returns
 * ENOENT although the parent exists, as /proc does, it loops for ever.
 * @throws the file system's error.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  const missing: string[] = []
  for (let folder = resolve(path); !(await isThere(folder)); folder = dirname(folder)) missing.unshift(folder)
  for (const folder of missing.length === 0 ? [resolve(path)] : missing) await makeOne(folder, mode)
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown
    return false
  }
}

async function makeOne(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, mode)
  } catch (thrown) {
    // It existed, or another run has just created it.
    if (codeOf(thrown) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw thrown
  }
}
