import type { KubeApi } from '../client/kube-api.ts'
import { isSelected } from '../objects/is-selected.ts'
import type { Deployment, Pod } from '../objects/kube-object.ts'
import { DNS_LABELS, DNS_PODS } from './dns-pods.ts'
import { controllerOf } from './pods-to-evict.ts'

const AUTOSCALERS = ['coredns-autoscaler', 'kube-dns-autoscaler']

/** The cluster DNS servers that are not terminating, without those of DaemonSets, which run on every node anyway. */
export async function dnsServers(kube: KubeApi, signal?: AbortSignal): Promise<readonly Pod[]> {
  const all = await kube.listPods(DNS_PODS, signal)
  return all.filter(
    (pod) => pod.metadata.deletionTimestamp === undefined && controllerOf(pod)?.kind === 'ReplicaSet',
  )
}

/** The wanted number of servers; a replacement may not have been created yet. */
export async function wantedServers(kube: KubeApi, signal?: AbortSignal): Promise<number> {
  const own = (await deployments(kube, signal)).filter((one) => isSelected(one, DNS_LABELS))
  if (own.length === 0) return (await dnsServers(kube, signal)).length
  return own.reduce((sum, { spec }) => sum + (spec?.replicas ?? 1), 0)
}

/** Whether an autoscaler changes that number as the cluster grows. */
export async function hasDnsAutoscaler(kube: KubeApi, signal?: AbortSignal): Promise<boolean> {
  const all = await deployments(kube, signal)
  return all.some(({ metadata }) => AUTOSCALERS.includes(metadata.name))
}

function deployments(kube: KubeApi, signal?: AbortSignal): Promise<readonly Deployment[]> {
  return kube.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: DNS_PODS.namespace }, signal)
}
