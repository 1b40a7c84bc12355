import { ApiError } from '../client/api-error.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeObject, ObjectRef, Pod } from '../objects/kube-object.ts'

const LABEL = 'rke.cattle.io/keeps-pods-off'

/**
 * Keeps all new pods off a node until it is deleted, by a pod whose anti-affinity excludes every other pod. A cordon
 * or a taint does not stop pods that tolerate everything, such as cluster DNS, and the scheduler prefers empty nodes.
 * Returns `false` if a policy of the cluster forbids such a pod.
 */
export async function raiseBarrier(
  kube: KubeApi,
  nodeName: string,
  image: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const options = signal === undefined ? {} : { signal }
  const found = await kube.read<Pod>(refTo(nodeName), signal)
  if (found !== undefined && found.status?.phase !== 'Failed') return true
  try {
    await removeBarrier(kube, nodeName, signal)
    await kube.create(barrierPod(nodeName, image), options)
    return true
  } catch (error) {
    if (error instanceof ApiError && FORBIDDEN.includes(error.status ?? 0)) return false
    throw error
  }
}

export function removeBarrier(kube: KubeApi, nodeName: string, signal?: AbortSignal): Promise<void> {
  return kube.delete(refTo(nodeName), { gracePeriodSeconds: 0, ...(signal !== undefined && { signal }) })
}

export function isBarrier({ metadata }: KubeObject): boolean {
  return metadata.labels?.[LABEL] !== undefined
}

/** HTTP statuses of a refusal by admission. */
const FORBIDDEN = [400, 403, 422]

const refTo = (nodeName: string): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: 'kube-system',
  name: `rke-keeps-pods-off-${nodeName}`,
})

/** Settings that the strictest pod security standard asks for. */
const securityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  runAsUser: 65535,
  seccompProfile: { type: 'RuntimeDefault' },
}

/**
 * The scheduler counts the pod as soon as it is bound, whether it runs or not. No pod has a higher priority that
 * could preempt it.
 */
function barrierPod(nodeName: string, image: string): KubeObject & { readonly spec: object } {
  const { apiVersion, kind, ...metadata } = refTo(nodeName)
  const everyPod = { topologyKey: 'kubernetes.io/hostname', labelSelector: {}, namespaceSelector: {} }
  return {
    apiVersion,
    kind,
    metadata: { ...metadata, labels: { [LABEL]: 'true' } },
    spec: {
      nodeName,
      priorityClassName: 'system-node-critical',
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [everyPod] } },
      containers: [{ name: 'barrier', image, imagePullPolicy: 'IfNotPresent', securityContext }],
    },
  }
}
