import { Resolver } from 'node:dns/promises'
import { waitUntil } from '../../testbed/wait-until.ts'
import { endpointsOf } from './endpoints.ts'
import type { Kube } from './kube.ts'

const namespace = 'kube-system'
const selector = { 'k8s-app': 'kube-dns' }
const SERVICE = 'dns-from-outside'
const PORT = 30_053
/** As long as a resolver waits by default before it asks again. */
const PATIENCE_MS = 5_000

/** Makes cluster DNS reachable from outside, as it is for pods: through kube-proxy. Resolves when this node answers. */
export async function exposeDns({ core }: Kube, address: string): Promise<void> {
  const ports = [{ protocol: 'UDP', port: 53, targetPort: 53, nodePort: PORT }]
  await core.createNamespacedService({
    namespace,
    body: { metadata: { name: SERVICE }, spec: { type: 'NodePort', selector, ports } },
  })
  await waitUntil(
    `cluster DNS to answer through ${address}`,
    () =>
      lookUp(address).then(
        () => true,
        () => false,
      ),
    60_000,
  )
}

/** Looks a name up through a node, with a socket of its own and without a second try. */
export async function lookUp(address: string): Promise<void> {
  const resolver = new Resolver({ timeout: PATIENCE_MS, tries: 1 })
  resolver.setServers([`${address}:${PORT}`])
  await resolver.resolve4('kubernetes.default.svc.cluster.local')
}

/** Where names are looked up. */
export function dnsEndpoints(kube: Kube): Promise<readonly string[]> {
  return endpointsOf(kube, { namespace, name: SERVICE })
}

/** Waits until there are so many servers of cluster DNS, all of them Ready; gives their nodes, sorted. */
export async function dnsPlaces(kube: Kube, count: number): Promise<readonly string[]> {
  let places: readonly string[] = []
  await waitUntil(
    `${count} servers of cluster DNS to be Ready`,
    async () => {
      const pods = await dnsPods(kube)
      // One that is deleted is Ready until it ends.
      const staying = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
      const ready = staying.filter(({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      )
      places = ready.map(({ spec }) => spec?.nodeName ?? '').sort()
      return ready.length === count && pods.length === count
    },
    120_000,
  )
  return places
}

/** Has one of several servers that are on one node made anew: it comes to another node, if that takes pods. */
export async function spreadDns(kube: Kube): Promise<void> {
  const [pod] = await dnsPods(kube)
  await kube.core.deleteNamespacedPod({ name: pod?.metadata?.name ?? '', namespace })
}

async function dnsPods({ core }: Kube) {
  return (await core.listNamespacedPod({ namespace, labelSelector: 'k8s-app=kube-dns' })).items
}
