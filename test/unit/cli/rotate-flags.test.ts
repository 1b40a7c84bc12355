import { expect, test } from 'vitest'
import { cluster } from '../operations/clusters.ts'
import { useClusters } from './use-clusters.ts'

const clusters = useClusters()
const ONE = cluster({ 11: 'controlplane, etcd, worker' })

for (const [line, says] of [
  ['--finish', '--finish goes only with --rotate-ca'],
  ['--immediately --restart-workloads', '--restart-workloads goes only with --rotate-ca'],
  ['--rotate-ca --custom-certs', '--custom-certs does not go with --rotate-ca'],
  ['--rotate-ca --skip-unreachable', '--skip-unreachable does not go with --rotate-ca'],
] as const) {
  test(`cert rotate ${line} is refused and not half done`, async () => {
    const home = await clusters.of(ONE)
    const { code, err, out } = await home.rke(`cert rotate ${line}`)
    expect(code).toBe(1)
    expect(`${out}${err}`).toContain(says)
  })
}
