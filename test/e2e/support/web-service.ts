import { waitUntil } from '../../testbed/wait-until.ts'
import { askOnce } from './ask.ts'
import { endpointsOf } from './endpoints.ts'
import type { Kube } from './kube.ts'

const name = 'web'
const namespace = 'default'
const PORT = 30_080
const labels = { app: name }

/** What the replicas of the Service are given. */
export interface WebSettings {
  /** They have the token of their ServiceAccount, and with it the CA of the API. Default: false. */
  readonly withToken?: boolean
}

/**
 * Two replicas behind a Service, one of which must always be there: what somebody runs who wants no request to be lost.
 * Resolves when both serve, and the Service answers at this node.
 */
export async function deployWeb(
  { core, apps, policy }: Kube,
  address: string,
  { withToken = false }: WebSettings = {},
): Promise<void> {
  const metadata = { name }
  await policy.createNamespacedPodDisruptionBudget({
    namespace,
    body: { metadata, spec: { minAvailable: 1, selector: { matchLabels: labels } } },
  })
  await core.createNamespacedService({
    namespace,
    body: {
      metadata,
      spec: { type: 'NodePort', selector: labels, ports: [{ port: 80, targetPort: 8080, nodePort: PORT }] },
    },
  })
  await apps.createNamespacedDeployment({
    namespace,
    body: {
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...podSpec(), automountServiceAccountToken: withToken } },
      },
    },
  })
  await waitUntil(
    `both replicas to serve through ${address}`,
    async () => {
      const { status } = await apps.readNamespacedDeployment({ name, namespace })
      if (status?.readyReplicas !== 2) return false
      return askOnce(webUrl(address)).then(
        () => true,
        () => false,
      )
    },
    90_000,
  )
}

function podSpec() {
  return {
    terminationGracePeriodSeconds: 15,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: labels },
      },
    ],
    containers: [
      {
        name,
        image: 'rancher/rke-test-tools:v1',
        args: ['serve', '8080'],
        readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
        // Nobody may be sent to it any more before it ends.
        lifecycle: { preStop: { sleep: { seconds: 8 } } },
      },
    ],
  }
}

/** Where the Service is reached through a node. */
export const webUrl = (address: string): string => `http://${address}:${PORT}/`

/** A replica with all that shows whether it was touched: where it is, its UID, and how often it was restarted. */
export async function webPods({ core }: Kube): Promise<readonly string[]> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` })
  return items
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map(({ metadata, spec, status }) => {
      const restarts = status?.containerStatuses?.map(({ restartCount }) => restartCount).join()
      return `${spec?.nodeName} ${metadata?.uid} ${restarts}`
    })
    .sort()
}

/** Where the Service sends requests to. */
export function webEndpoints(kube: Kube): Promise<readonly string[]> {
  return endpointsOf(kube, { namespace, name })
}
