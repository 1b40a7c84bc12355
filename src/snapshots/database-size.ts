/** etcd writes whole pages of its database, and the SHA-256 of all of them. */
const PAGE = 512
export const HASH_BYTES = 32

/** Larger than any database of etcd, whose own limit (`quota-backend-bytes`) should not be above 8 GiB. */
const LARGEST = 64 * 1024 ** 3

/** Why a file of that size is no database as `etcdctl snapshot save` writes it. */
export function databaseSizeProblem(bytes: number): string | undefined {
  if (bytes > LARGEST) return `its database is said to have ${bytes} bytes`
  if (bytes <= HASH_BYTES || bytes % PAGE !== HASH_BYTES)
    return `a database of ${bytes} bytes is not complete: whole pages and a hash of ${HASH_BYTES} bytes belong into it`
  return undefined
}
