import { Writable } from 'node:stream'
import { CoreV1Api, Exec, KubeConfig, type V1Pod, type V1Status } from '@kubernetes/client-node'
import type { Machine } from '../../testbed/index.ts'
import { waitUntil } from '../../testbed/wait-until.ts'
import type { Workspace } from './workspace.ts'

const namespace = 'default'
const LIMIT_MS = 20_000

/**
 * Runs a command in every replica of the web service, and reads its log, through each of these API servers, and tries
 * nothing twice. Gives what failed.
 */
export async function firstTries(
  workspace: Workspace,
  servers: readonly Machine[],
): Promise<readonly string[]> {
  const pods = await servingPods(workspace)
  const failures: string[] = []
  for (const { address } of servers) {
    const config = configFor(workspace, address)
    for (const { metadata, spec } of pods) {
      const name = metadata?.name ?? ''
      const tries = {
        exec: () => run(config, name),
        logs: () => config.makeApiClient(CoreV1Api).readNamespacedPodLog({ name, namespace, tailLines: 1 }),
      }
      for (const [what, attempt] of Object.entries(tries)) {
        await attempt().catch((thrown: unknown) => {
          const why = thrown instanceof Error ? thrown.message : String(thrown)
          failures.push(`${what} through ${address} on ${spec?.nodeName}: ${why}`)
        })
      }
    }
  }
  return failures
}

async function servingPods(workspace: Workspace): Promise<readonly V1Pod[]> {
  const { core } = workspace.kube()
  const serving = async (): Promise<readonly V1Pod[]> => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=web' })
    return items.filter(
      ({ metadata, status }) =>
        metadata?.deletionTimestamp === undefined &&
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
  }
  await waitUntil('two replicas to serve', async () => (await serving()).length === 2, 90_000)
  return serving()
}

/** The administrator, who asks one API server. */
function configFor(workspace: Workspace, address: string): KubeConfig {
  const given = new KubeConfig()
  given.loadFromFile(workspace.path('kube_config_cluster.yml'))
  const [cluster, user] = [given.getCurrentCluster(), given.getCurrentUser()]
  if (cluster === null || user === null) throw new TypeError('the kubeconfig names no cluster or no user')
  const config = new KubeConfig()
  config.loadFromClusterAndUser({ ...cluster, server: `https://${address}:6443` }, user)
  return config
}

/** Has a replica ask itself. */
async function run(config: KubeConfig, pod: string): Promise<void> {
  const said: string[] = []
  const into = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said.push(chunk.toString())
      done()
    },
  })
  const { promise, resolve, reject } = Promise.withResolvers<V1Status>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${LIMIT_MS} ms`)), LIMIT_MS)
  try {
    const command = ['/test-tools', 'get', 'http://127.0.0.1:8080/']
    const socket = await new Exec(config).exec(namespace, pod, '', command, into, into, null, false, resolve)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed')))
    const { status, message } = await promise
    if (status !== 'Success') throw new Error(`${message}: ${said.join('')}`)
  } finally {
    clearTimeout(timer)
  }
}
