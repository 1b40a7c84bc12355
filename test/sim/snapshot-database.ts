import { createHash } from 'node:crypto'

const PAGE = 4096
const MAGIC = 0xed0cdaed

/**
 * A file that looks like a database as `etcdctl snapshot save` writes it: pages of bbolt, and the SHA-256 of all of them. Only
 * its beginning and its end are real: etcd's own tools find nothing in it.
 */
export function fakeDatabase(text: string, pages = 4): Buffer {
  const data = Buffer.alloc(pages * PAGE)
  data.writeUInt16LE(4, 8)
  data.writeUInt32LE(MAGIC, 16)
  data.write(text, PAGE)
  return Buffer.concat([data, createHash('sha256').update(data).digest()])
}
