import { constants } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'

/** Writes the whole content into an open, empty file. */
export type Fill = (file: FileHandle) => Promise<void>

/** Larger files are archives, which are created again instead of restored. */
const LARGEST_KEPT = 64 * 1024 * 1024

/**
 * Overwrites an existing file and keeps its inode; also for devices and pipes. On failure the old content is
 * restored; only a crash in the middle loses it.
 * @throws the file system's error.
 */
export async function overwrite(path: string, fill: Fill): Promise<void> {
  const file = await open(path, constants.O_WRONLY)
  try {
    const there = await file.stat()
    if (!there.isFile()) return await fill(file)
    const before = there.size > LARGEST_KEPT ? undefined : await readFile(path).catch(() => undefined)
    try {
      await file.truncate()
      await fill(file)
      await file.sync()
    } catch (thrown) {
      if (before !== undefined) await putBack(file, before).catch(() => {})
      throw thrown
    }
  } finally {
    await file.close()
  }
}

async function putBack(file: FileHandle, content: Buffer): Promise<void> {
  await file.truncate()
  for (let at = 0; at < content.length; )
    at += (await file.write(content, at, content.length - at, at)).bytesWritten
  await file.sync()
}
