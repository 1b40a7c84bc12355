import { type KeySource, newKeys, type PrivateKeyPem } from '../../src/pki/encoding/keys.ts'

/** More than the certificates of a small cluster, so that no two of them have the same key. */
const SIZE = 20

/** Keys that are made once per process and then handed out in turn: RSA keys take longer than whole runs. */
export const pooledKeys: KeySource = keyPool(SIZE)

/** A pool of its own, of so many keys. */
export function keyPool(size: number): KeySource {
  const pool: Promise<PrivateKeyPem>[] = []
  let given = 0
  return {
    generate() {
      const slot = given++ % size
      pool[slot] ??= newKeys.generate()
      return pool[slot]
    },
  }
}
