import type { Pod } from './kube-object.ts'

/** Labels of the pods of network plugins, DNS and the other add-ons, as RKE's manifests have them. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  'k8s-app': [
    'flannel',
    'canal',
    'calico-node',
    'calico-kube-controllers',
    'kube-dns',
    'kube-dns-autoscaler',
    'coredns-autoscaler',
    'node-local-dns',
    'metrics-server',
  ],
  app: ['ingress-nginx'],
}

/** Where the manifests of add-ons put their pods. Users may have pods with the same labels elsewhere. */
const NAMESPACES: readonly string[] = ['kube-system', 'ingress-nginx']

/** Whether a pod is one of the network plugin, DNS or another add-on of the cluster's own, and not one that is going. */
export function isSystemPod({ metadata, status }: Pod): boolean {
  if (!NAMESPACES.includes(metadata.namespace ?? '')) return false
  const labels = metadata.labels ?? {}
  const isOurs = Object.entries(LABELS).some(([key, values]) => values.includes(labels[key] ?? ''))
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed'
  const isOfJob = (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Job')
  return isOurs && !isOver && !isOfJob && metadata.deletionTimestamp === undefined
}

/** Whether a pod is on one of these Nodes, or on none yet. Those of DaemonSets stay on a Node whose machine is away. */
export function isOnNodes({ spec }: Pod, nodes: ReadonlyMap<string, unknown>): boolean {
  return spec?.nodeName === undefined || spec.nodeName === '' || nodes.has(spec.nodeName)
}

/**
 * Whether a pod is Ready and all its containers were started after its node's kubelet: what the API says of it may be older.
 * @param startedAt when the kubelet of each Node was started, in milliseconds since 1970
 */
export function isNewlyReady({ spec, status }: Pod, startedAt: ReadonlyMap<string, number>): boolean {
  const since = startedAt.get(spec?.nodeName ?? '')
  if (since === undefined) return false
  const isReady = (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')
  // Kubernetes writes whole seconds.
  const whole = Math.floor(since / 1000) * 1000
  return (
    isReady &&
    (status?.containerStatuses ?? []).every(
      ({ state }) => (Date.parse(state?.running?.startedAt ?? '') || 0) >= whole,
    )
  )
}
