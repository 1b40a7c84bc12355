import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf } from './error-code.ts'

/**
 * Makes a folder and those above it that are missing. Node's own recursive `mkdir` must not be used: where a file system
 * says ENOENT to a folder whose parent is there, as /proc does, it tries again for ever.
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
    // It was there, or another run has just made it.
    if (codeOf(thrown) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw thrown
  }
}
