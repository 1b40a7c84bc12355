import { posix } from 'node:path'
import type { SimProcess } from '../sim-process.ts'
import { BACKUP, read, write } from './helper-files.ts'
import type { Flags } from './helper-flags.ts'

/** Objects that are there already stay as they are. */
export function upload(process: SimProcess, flags: Flags, name: string): void {
  const archive = read(process, `${BACKUP}/${name}.zip`) ?? Buffer.alloc(0)
  const bucket = bucketOf(process, flags)
  const key = `${keyOf(flags, name)}.zip`
  if ((bucket.get(key)?.length ?? 0) > 0) return
  if (process.machine.world.hooks.cutsUpload?.(process.machine.address) === true) {
    throw new Error('failed to upload etcd snapshot file: connection reset by peer')
  }
  bucket.set(key, archive)
}

export function download(process: SimProcess, flags: Flags): void {
  const name = flags.get('name') ?? ''
  const bucket = bucketOf(process, flags)
  const wanted = keyOf(flags, name)
  const key = [...bucket.keys()].sort().find((one) => one.replace(/\.[^./]*$/, '') === wanted)
  if (key === undefined) throw new Error(`failed to find ${wanted} in the bucket`)
  write(process, `${BACKUP}/${posix.basename(key)}`, bucket.get(key) ?? Buffer.alloc(0), 0o600)
}

/** All whose keys begin so. */
export function removeObjects(process: SimProcess, flags: Flags, name: string): void {
  const bucket = bucketOf(process, flags)
  for (const key of [...bucket.keys()]) if (key.startsWith(keyOf(flags, name))) bucket.delete(key)
}

function bucketOf({ machine }: SimProcess, flags: Flags): Map<string, Buffer> {
  const name = flags.get('s3-bucketName') ?? ''
  const found = machine.world.buckets.get(`${flags.get('s3-endpoint')}/${name}`)
  if (found === undefined) throw new Error(`bucket ${name} does not exist`)
  return found
}

function keyOf(flags: Flags, name: string): string {
  const folder = flags.get('s3-folder')
  return folder ? `${folder}/${name}` : name
}
