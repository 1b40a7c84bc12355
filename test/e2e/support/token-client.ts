import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import type { Machine } from '../../testbed/index.ts'
import { waitUntil } from '../../testbed/wait-until.ts'
import { askAgain } from './ask.ts'
import { type Constantly, constantly } from './constantly.ts'
import type { Workspace } from './workspace.ts'

const NAME = 'robot'
const NAMESPACE = 'default'

/**
 * A client with the token of a ServiceAccount that is stored in a Secret, as pods have it that mount the Secret: it reads token and CA
 * anew, now and then, and asks any of these API servers.
 */
export async function tokenClient(
  workspace: Workspace,
  machines: readonly Machine[],
  againMs: readonly number[],
): Promise<Constantly> {
  const { core, rbac } = workspace.kube()
  await core.createNamespacedServiceAccount({ namespace: NAMESPACE, body: { metadata: { name: NAME } } })
  await rbac.createClusterRoleBinding({
    body: {
      metadata: { name: NAME },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    },
  })
  await core.createNamespacedSecret({
    namespace: NAMESPACE,
    body: {
      metadata: { name: NAME, annotations: { 'kubernetes.io/service-account.name': NAME } },
      type: 'kubernetes.io/service-account-token',
    },
  })
  let mounted: Mounted | undefined
  const read = async (): Promise<void> => {
    const { data } = await workspace.kube().core.readNamespacedSecret({ name: NAME, namespace: NAMESPACE })
    const value = (key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('utf8')
    if (value('token') !== '') mounted = { token: value('token'), ca: value('ca.crt') }
  }
  await waitUntil('a token', async () => read().then(() => mounted !== undefined), 60_000)
  const urls = machines.map(({ address }) => `https://${address}:6443/api/v1/namespaces/default`)
  const ask = async (index: number): Promise<void> => {
    if (index > 0) await read().catch(() => {})
    const { token, ca } = mounted ?? { token: '', ca: '' }
    await Promise.any(urls.map((url) => askWithToken(url, token, ca)))
  }
  return constantly(500, () => askAgain(againMs, ask))
}

interface Mounted {
  readonly token: string
  readonly ca: string
}

function askWithToken(url: string, token: string, ca: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, ca, timeout: 10_000, headers: { authorization: `Bearer ${token}` } }
    const asked = request(url, options, (response) => {
      text(response).then((body) => {
        if (response.statusCode === 200) resolve()
        else reject(new TypeError(`${url} answered ${response.statusCode}: ${body.trim().slice(0, 300)}`))
      }, reject)
    })
    asked.on('error', (error) => reject(new TypeError(`${url}: ${error.message}`)))
    asked.on('timeout', () => asked.destroy(new TypeError('no answer in 10 s')))
    asked.end()
  })
}
