import { type ConfigMap, type KubeObject, type KubeSecret, type Pod, refText } from './kube-object.ts'
import { rollsItself, type Workload } from './rolled-out.ts'
import { changedAt, isOfAddon, keyIdOf, mountsRootCa, RESTARTED_AT, type WorkloadRef } from './root-ca.ts'

/** What the API says of those who trust its CA. */
export interface CaObjects {
  /** `kube-root-ca.crt` of each namespace. */
  readonly rootCas: readonly ConfigMap[]
  readonly tokenSecrets: readonly KubeSecret[]
  readonly pods: readonly Pod[]
  readonly replicaSets: readonly KubeObject[]
  /** Deployments, StatefulSets and DaemonSets. */
  readonly workloads: readonly Workload[]
}

/** Which rotation it is. */
export interface CaChange {
  /** What workloads are marked with that were restarted for it; RFC 3339. */
  readonly mark: string
  /** Of the key that signs tokens when it is done. */
  readonly keyId: string
  /** The CA changes once more before anybody has to follow: whoever mounts it now will be one of those. Default: false. */
  readonly isToCome?: boolean
}

/** Those who trust only what the CA was before, or hold a token of the old key. */
export interface CaReaders {
  readonly workloads: readonly ReadingWorkload[]
  /** Pods that no workload replaces by itself, as `namespace/name`. */
  readonly others: readonly string[]
  /** Secrets with tokens of ServiceAccounts that another key has signed, as `namespace/name`. */
  readonly oldTokens: readonly string[]
}

export interface ReadingWorkload {
  readonly workload: WorkloadRef
  /** How many of its pods. */
  readonly pods: number
  /** It is one of the cluster's own add-ons. */
  readonly isAddon: boolean
}

export const NO_READERS: CaReaders = { workloads: [], others: [], oldTokens: [] }

/**
 * Pods that mount the CA of the API and were made before it was last changed in their namespace, by the workloads that replace
 * them. Those of a workload that is marked are being replaced: it is among the result until they are.
 */
export function caReaders(objects: CaObjects, { mark, keyId, isToCome = false }: CaChange): CaReaders {
  const secrets = new Set(objects.tokenSecrets.map(nameOf))
  const published = new Map(objects.rootCas.map((map) => [map.metadata.namespace, changedAt(map)] as const))
  const isOld = (pod: Pod): boolean =>
    isAlive(pod) &&
    mountsRootCa(pod, (name) => secrets.has(`${pod.metadata.namespace}/${name}`)) &&
    pod.metadata.annotations?.[RESTARTED_AT] !== mark &&
    (isToCome || !(createdAt(pod) > (published.get(pod.metadata.namespace) ?? Number.NaN)))
  const owners = ownersOf(objects)
  const found = objects.pods.filter(isOld).map((pod) => ({ pod, workload: owners(pod) }))
  const replaced = Map.groupBy(
    found.filter(({ workload }) => workload !== undefined && rollsItself(workload)),
    ({ workload }) => workload?.metadata.uid,
  )
  return {
    workloads: [...replaced.values()].flatMap((group): readonly ReadingWorkload[] => {
      const workload = group[0]?.workload
      if (workload === undefined) return []
      const { apiVersion, kind, metadata } = workload
      const { name, namespace = '' } = metadata
      const isAddon = group.every(({ pod }) => isOfAddon(pod))
      return [{ workload: { apiVersion, kind, namespace, name }, pods: group.length, isAddon }]
    }),
    others: found
      .filter(({ workload }) => workload === undefined || !rollsItself(workload))
      .map(({ pod }) => nameOf(pod)),
    oldTokens: objects.tokenSecrets.filter((secret) => keyIdOf(secret) !== keyId).map(nameOf),
  }
}

/** The cluster's own add-ons among them. */
export const addonsAmong = ({ workloads }: CaReaders): CaReaders['workloads'] =>
  workloads.filter(({ isAddon }) => isAddon)

/** Those of the user: the cluster's own add-ons are restarted in any case. */
export const withoutAddons = (readers: CaReaders): CaReaders => ({
  ...readers,
  workloads: readers.workloads.filter(({ isAddon }) => !isAddon),
})

/** Whether there is nobody. */
export const isNobody = ({ workloads, others, oldTokens }: CaReaders): boolean =>
  workloads.length + others.length + oldTokens.length === 0

/** In one line: `3 pods of Deployment shop/cart`. */
export function readerText({ workload, pods }: ReadingWorkload): string {
  return `${pods === 1 ? 'a pod' : `${pods} pods`} of ${refText(workload)}`
}

/** The workload that makes a pod, through the ReplicaSet of a Deployment. */
function ownersOf({ replicaSets, workloads }: CaObjects): (pod: Pod) => Workload | undefined {
  const byUid = new Map(workloads.map((one) => [one.metadata.uid, one] as const))
  const above = new Map(replicaSets.map((set) => [set.metadata.uid, controllerOf(set)] as const))
  return (pod) => {
    const owner = controllerOf(pod)
    return owner === undefined ? undefined : (byUid.get(owner) ?? byUid.get(above.get(owner)))
  }
}

const controllerOf = ({ metadata }: KubeObject): string | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid

const isAlive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'

const createdAt = ({ metadata }: KubeObject): number => Date.parse(metadata.creationTimestamp ?? '')

const nameOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`
