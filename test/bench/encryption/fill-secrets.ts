import { randomBytes } from 'node:crypto'
import { inParallel } from '../../../src/in-parallel.ts'
import { kubeFrom } from '../../e2e/support/kube.ts'

const NAMESPACE = 'bench'
/** As large as a ServiceAccount's token. */
const BYTES = 1000
/** At a time: what API servers let one client write without keeping it waiting. */
const PARALLEL = 8

/** Makes that many Secrets in a namespace of their own. */
export async function fillSecrets(kubeconfig: string, count: number): Promise<void> {
  const { core } = kubeFrom(kubeconfig)
  await core.createNamespace({ body: { metadata: { name: NAMESPACE } } })
  const names = Array.from({ length: count }, (_, index) => `secret-${index}`)
  await inParallel(names, PARALLEL, async (name) => {
    const data = { value: randomBytes(BYTES).toString('base64') }
    await core.createNamespacedSecret({ namespace: NAMESPACE, body: { metadata: { name }, data } })
  })
}
