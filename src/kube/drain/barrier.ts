import { ApiError } from '../client/api-error.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeObject, ObjectRef, Pod } from '../objects/kube-object.ts'

const LABEL = 'rke.cattle.io/keeps-pods-off'

/**
 * Keeps all new pods off a node until it is deleted: a pod there that tolerates no other one beside it. A cordon or a
 * taint does not keep off what tolerates everything, as cluster DNS does, and the emptier the node the more the scheduler
 * likes it. Where a policy of the cluster forbids such a pod there is none, which `false` says.
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

/** What admission answers with. */
const FORBIDDEN = [400, 403, 422]

const refTo = (nodeName: string): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: 'kube-system',
  name: `rke-keeps-pods-off-${nodeName}`,
})

/** As the strictest of Kubernetes' pod security standards asks for. */
const securityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  runAsUser: 65535,
  seccompProfile: { type: 'RuntimeDefault' },
}

/**
 * It counts for the scheduler from the moment it is there, whether it runs or not. Nothing else has a priority above its
 * own and could take its place.
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
