import type { KubeObject } from './kube-object.ts'

/** A Deployment, StatefulSet or DaemonSet, as far as a restart of its pods needs it. */
export interface Workload extends KubeObject {
  readonly metadata: KubeObject['metadata'] & { readonly generation?: number }
  readonly spec?: {
    readonly replicas?: number
    readonly paused?: boolean
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> }
    /** Of a Deployment. */
    readonly strategy?: { readonly type?: string }
    /** Of the others. */
    readonly updateStrategy?: { readonly type?: string }
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly availableReplicas?: number
    readonly readyReplicas?: number
    readonly desiredNumberScheduled?: number
    readonly updatedNumberScheduled?: number
    readonly numberAvailable?: number
  }
}

/** Whether a change of the template alone replaces the pods. */
export function rollsItself({ spec }: Workload): boolean {
  return spec?.paused !== true && spec?.updateStrategy?.type !== 'OnDelete'
}

/** What is left until all pods of a workload are new and serve, in words; undefined if they do. As `kubectl rollout status` counts. */
export function rolloutLeft({ kind, metadata, spec, status = {} }: Workload): string | undefined {
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return 'its controller has not seen it yet'
  const isDaemon = kind === 'DaemonSet'
  const wanted = isDaemon ? (status.desiredNumberScheduled ?? 0) : (spec?.replicas ?? 1)
  const updated = (isDaemon ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0
  const serving =
    (isDaemon
      ? status.numberAvailable
      : kind === 'StatefulSet'
        ? status.readyReplicas
        : status.availableReplicas) ?? 0
  if (updated < wanted) return `${updated} of ${wanted} pods are new`
  if (!isDaemon && (status.replicas ?? 0) > wanted)
    return `${(status.replicas ?? 0) - wanted} old pods are ending`
  return serving < wanted ? `${serving} of ${wanted} pods are available` : undefined
}
