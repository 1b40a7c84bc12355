import type { ConfigMap, KubeSecret, ObjectRef, Pod } from './kube-object.ts'
import { isSystemPod } from './system-pods.ts'

/** The ConfigMap of each namespace with the CA of the API, and its only key is `ca.crt`. */
export const ROOT_CA = 'kube-root-ca.crt'
/** Of Secrets that hold a token of a ServiceAccount until they are deleted, with the CA beside it. */
export const TOKEN_TYPE = 'kubernetes.io/service-account-token'
/** What `kubectl rollout restart` marks the pods of a workload with. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

/** Other pods that RKE restarts for a new CA, by their label `app`. */
const RKE_APPS: readonly string[] = ['kube-api-auth', 'cattle-cluster-agent']

/** Queries for these objects in all namespaces. */
export const ROOT_CAS = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  fieldSelector: `metadata.name=${ROOT_CA}`,
} as const
export const TOKEN_SECRETS = {
  apiVersion: 'v1',
  kind: 'Secret',
  fieldSelector: `type=${TOKEN_TYPE}`,
} as const

/** Whether containers of a pod find the CA of the API in their files. Most read it once, when they start. */
export function mountsRootCa({ spec }: Pod, isTokenSecret: (name: string) => boolean): boolean {
  return (spec?.volumes ?? []).some(
    ({ configMap, secret, projected }) =>
      configMap?.name === ROOT_CA ||
      isTokenSecret(secret?.secretName ?? '') ||
      projected?.sources?.some(
        (source) => source.configMap?.name === ROOT_CA || isTokenSecret(source.secret?.name ?? ''),
      ),
  )
}

/** Whether a pod belongs to the cluster's own add-ons, which RKE restarts for a new CA. */
export const isOfAddon = (pod: Pod): boolean =>
  isSystemPod(pod) || RKE_APPS.includes(pod.metadata.labels?.app ?? '')

/** When a ConfigMap was changed last, by the API server's clock; NaN if it does not say. */
export function changedAt({ metadata }: ConfigMap): number {
  const times = (metadata.managedFields ?? []).map(({ time }) => Date.parse(time ?? ''))
  return times.length === 0 ? Number.NaN : Math.max(...times)
}

/** The id of the key that signed the token in a Secret; '' if there is no token, or it names none. */
export function keyIdOf({ data }: KubeSecret): string {
  const token = Buffer.from(data?.token ?? '', 'base64').toString('utf8')
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'))
    const id: unknown = typeof header === 'object' && header !== null ? Reflect.get(header, 'kid') : ''
    return typeof id === 'string' ? id : ''
  } catch {
    return ''
  }
}

/** A workload whose pods are replaced one after the other when its template changes. */
export type WorkloadRef = ObjectRef & { readonly namespace: string }
