import type { KubeApi } from '../client/kube-api.ts'
import { type ConfigMap, type Job, type ObjectRef, refOf } from '../objects/kube-object.ts'
import { hasCondition } from '../objects/to-kube-node.ts'

export interface JobStatus {
  readonly exists: boolean
  readonly complete: boolean
  readonly failed: boolean
  /** It is being deleted. */
  readonly terminating: boolean
  readonly annotations: Readonly<Record<string, string>>
}

export interface StoredAddon {
  /** The last stored manifest; absent if the add-on has never been stored. */
  readonly text?: string
  readonly job: JobStatus
}

const ADDONS = 'kube-system'

export function addonJobRef(jobName: string): ObjectRef {
  return { apiVersion: 'batch/v1', kind: 'Job', namespace: ADDONS, name: jobName }
}

/** The progress of an add-on's Job, which decides whether its manifest counts as applied. */
export function jobStage({
  exists,
  complete,
  terminating,
}: JobStatus): 'missing' | 'complete' | 'unfinished' {
  if (!exists) return 'missing'
  return complete && !terminating ? 'complete' : 'unfinished'
}

/** What the cluster stores of an add-on: its manifest, and the status of the Job that applied it. */
export async function readAddon(
  kube: KubeApi,
  name: string,
  jobName: string,
  signal?: AbortSignal,
): Promise<StoredAddon> {
  const [configMap, job] = await Promise.all([
    kube.read<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', namespace: ADDONS, name }, signal),
    kube.read<Job>(addonJobRef(jobName), signal),
  ])
  const text = configMap?.data?.[name]
  return { ...(text === undefined ? {} : { text }), job: jobState(job) }
}

/** Stores a manifest. Metadata that others added to the ConfigMap stays; its data is replaced. */
export async function storeConfigMap(
  kube: KubeApi,
  wanted: ConfigMap,
  signal?: AbortSignal,
): Promise<'created' | 'updated' | 'unchanged'> {
  const options = signal === undefined ? {} : { signal }
  const there = await kube.read<ConfigMap>(refOf(wanted), signal)
  if (there === undefined) {
    await kube.create(wanted, options)
    return 'created'
  }
  const data: Record<string, string> = { ...wanted.data }
  const stale = Object.keys(there.data ?? {}).filter((key) => !(key in data))
  const same = Object.entries(data).every(([key, value]) => there.data?.[key] === value)
  if (same && stale.length === 0) return 'unchanged'
  const patch = { data: { ...Object.fromEntries(stale.map((key) => [key, null])), ...data } }
  await kube.patch(refOf(wanted), patch, options)
  return 'updated'
}

/** Sets annotations on a Job, if it is there. */
export async function annotateJob(
  kube: KubeApi,
  jobName: string,
  annotations: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  const ref = addonJobRef(jobName)
  if ((await kube.read(ref, signal)) === undefined) return
  await kube.patch(ref, { metadata: { annotations } }, signal === undefined ? {} : { signal })
}

export function jobState(job: Job | undefined): JobStatus {
  return {
    exists: job !== undefined,
    complete: hasCondition(job?.status?.conditions, 'Complete'),
    failed: hasCondition(job?.status?.conditions, 'Failed'),
    terminating: job?.metadata.deletionTimestamp !== undefined,
    annotations: job?.metadata.annotations ?? {},
  }
}
