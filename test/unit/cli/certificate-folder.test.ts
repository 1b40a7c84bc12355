import { chmod, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { ONE_NODE } from '../operations/clusters.ts'
import { useClusters } from './use-clusters.ts'

const clusters = useClusters()

test('a folder of signing requests is its owner’s alone, and keys in it, also those that RKE wrote', async () => {
  const home = await clusters.of(ONE_NODE, ONE_NODE)
  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777
  const key = home.path('kube-admin-key.pem', 'home/cluster_certs')
  await home.rke('cert generate-csr')
  expect(await modeOf(dirname(key))).toBe(0o700)
  expect(await modeOf(key)).toBe(0o600)
  await chmod(key, 0o640)
  await home.rke('cert generate-csr')
  expect(await modeOf(key)).toBe(0o600)
})
