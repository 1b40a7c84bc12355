import { createReadStream } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { ConfigError, RkeError } from '../../../errors.ts'
import { codeOf } from '../../../files/error-code.ts'
import { replaceFile } from '../../../files/replace-file.ts'

/** A file to read, as often as needed. */
export interface ArchiveFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
  open(): Readable
}

/**
 * Checks that a file can be written here before images are pulled.
 * @throws ConfigError if it cannot.
 */
export async function checkArchivePath(path: string): Promise<void> {
  if (path === '') throw unnamed()
  const there = await stat(path).catch(() => undefined)
  if (there?.isDirectory()) throw new ConfigError(`--file ${path} is a folder; name a file in it`)
  const folder = await stat(dirname(path)).catch(() => undefined)
  if (!folder?.isDirectory()) {
    throw new ConfigError(`the folder of --file ${path} is not there`, { hint: `make it: ${dirname(path)}` })
  }
}

/**
 * Writes a stream to a file as `replaceFile` does, compressed if its name ends with `.gz` or `.tgz`: the file is
 * replaced in one step or stays unchanged.
 * @throws RkeError if it cannot be written, and the stream's own error.
 */
export async function writeArchive(path: string, archive: Readable): Promise<void> {
  try {
    const content = /\.t?gz$/.test(path) ? pipeline(archive, createGzip(), () => {}) : archive
    await replaceFile(path, (file) => writeFile(file, content), { mode: 0o666 })
  } catch (cause) {
    archive.destroy()
    if (cause instanceof RkeError) throw cause
    const full = codeOf(cause) === 'ENOSPC'
    throw new RkeError(`the archive ${path} cannot be written`, {
      step: 'save images',
      hint: full
        ? 'free some space, or name a file on another disk'
        : 'nothing was left there; correct --file',
      cause,
    })
  }
}

/**
 * Finds an archive to read.
 * @throws ConfigError if there is no such file, or nothing in it.
 */
export async function findArchive(path: string): Promise<ArchiveFile> {
  if (path === '') throw unnamed()
  const found = await stat(path).catch((cause: unknown) => {
    throw new ConfigError(`cannot read the archive ${path}`, { hint: 'name it with --file', cause })
  })
  if (!found.isFile()) throw new ConfigError(`--file ${path} is not a file`)
  if (found.size === 0) throw new ConfigError(`the archive ${path} is empty`)
  return { name: path, size: found.size, open: () => createReadStream(path, { highWaterMark: 1 << 20 }) }
}

const unnamed = (): ConfigError =>
  new ConfigError('--file is missing', { hint: 'name the archive: --file images.tar.gz' })
