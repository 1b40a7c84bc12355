import type { V1Toleration } from '@kubernetes/client-node'
import { waitUntil } from '../../testbed/wait-until.ts'
import type { Kube } from './kube.ts'

const IMAGE = 'rancher/rke-test-tools:v1'
const namespace = 'default'

export interface PodPlace {
  /** The Kubernetes node that it must run on. */
  readonly node: string
  readonly tolerations?: V1Toleration[]
}

/** Starts a pod that answers HTTP with its own name, and a Service of the same name on port 80; waits for both. */
export async function serve({ core }: Kube, name: string, place: PodPlace): Promise<void> {
  await core.createNamespacedPod({ namespace, body: pod(name, place, ['serve', '8080']) })
  await core.createNamespacedService({
    namespace,
    body: { metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] } },
  })
  await waitUntil(
    `pod ${name} to be ready`,
    async () => {
      const { status } = await core.readNamespacedPod({ name, namespace })
      return status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true
    },
    90_000,
  )
}

/** Runs the test program in a pod, again and again until it succeeds; returns what it printed. */
export async function runInPod(
  { core }: Kube,
  name: string,
  place: PodPlace,
  args: readonly string[],
): Promise<string> {
  await core.createNamespacedPod({ namespace, body: pod(name, place, args) })
  await waitUntil(
    `pod ${name} to succeed with ${args.join(' ')}`,
    async () => (await core.readNamespacedPod({ name, namespace })).status?.phase === 'Succeeded',
    120_000,
  )
  const log = await core.readNamespacedPodLog({ name, namespace })
  await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 })
  return log
}

function pod(name: string, { node, tolerations = [] }: PodPlace, args: readonly string[]) {
  return {
    metadata: { name, labels: { app: name } },
    spec: {
      // Through the scheduler, so that it, too, is seen at work.
      nodeSelector: { 'kubernetes.io/hostname': node },
      tolerations,
      restartPolicy: 'OnFailure',
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [{ name: 'tools', image: IMAGE, args: [...args] }],
    },
  }
}
