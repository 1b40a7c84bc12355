import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where everything the testbed keeps between runs lives: keys, built programs, the registry's blobs. */
export const cacheDir: string = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rke-testbed')

/** A path below the cache folder; its parent folder exists afterwards. */
export function cachePath(...parts: string[]): string {
  const path = join(cacheDir, ...parts)
  mkdirSync(join(path, '..'), { recursive: true })
  return path
}

/** A folder of the testbed's own sources, by its path relative to this file. */
export function sourceDir(...parts: string[]): string {
  return join(import.meta.dirname, ...parts)
}

/** A short hash over values and the contents of files and folders: the same input, the same key. */
export function contentKey(values: readonly string[], paths: readonly string[] = []): string {
  const hash = createHash('sha256')
  for (const value of values) hash.update(`${value.length}:${value}`)
  for (const path of paths) hashPath(hash, path, '')
  return hash.digest('hex').slice(0, 16)
}

function hashPath(hash: ReturnType<typeof createHash>, path: string, name: string): void {
  const stat = statSync(path)
  if (!stat.isDirectory()) {
    hash.update(`file:${name}:${stat.mode & 0o100}:${stat.size}:`).update(readFileSync(path))
    return
  }
  for (const entry of readdirSync(path).sort()) hashPath(hash, join(path, entry), `${name}/${entry}`)
}
