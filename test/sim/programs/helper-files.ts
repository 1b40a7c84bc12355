import type { SimProcess } from '../sim-process.ts'

/** Where containers see the folder of snapshots. */
export const BACKUP = '/backup'

export function read(process: SimProcess, path: string): Buffer | undefined {
  const { disk, at } = process.place(path)
  return disk.bytes(at)
}

export function write(process: SimProcess, path: string, content: Buffer, mode: number): void {
  const { disk, at } = process.place(path)
  disk.write(at, content, mode)
}

/** Names of what is in a folder. */
export function folderOf(process: SimProcess, path: string): readonly string[] {
  const { disk, at } = process.place(path)
  return disk.below(at).flatMap((found) => {
    const name = found.slice(at.replace(/\/$/, '').length + 1)
    return name.includes('/') ? [] : [name]
  })
}

export function erase(process: SimProcess, path: string): void {
  const { disk, at } = process.place(path)
  disk.remove(at)
}
