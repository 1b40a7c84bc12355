import type { KubeApi } from '../kube/client/kube-api.ts'
import { type KubeObject, refOf, refText } from '../kube/objects/kube-object.ts'
import { jobStage, readAddon } from '../kube/tasks/addon-store.ts'
import { isEnsured } from '../kube/tasks/ensure-object.ts'
import { readStateSecret } from '../kube/tasks/state-secret.ts'
import type { ObservedAddon, ObservedKube } from './observed-kube.ts'

export interface KubeQuestions {
  /** Objects whose presence is checked. */
  readonly objects: readonly KubeObject[]
  /** Names of addons with the names of their deploy Jobs. */
  readonly addons: readonly { readonly name: string; readonly job: string }[]
}

/** Queries the Kubernetes API, in parallel, for what a plan needs. Changes nothing. */
export async function observeKube(
  kube: KubeApi,
  { objects, addons }: KubeQuestions,
  signal?: AbortSignal,
): Promise<ObservedKube> {
  const [version, nodes, ensured, stateCopy, installed] = await Promise.all([
    kube.version(signal),
    kube.listNodes(signal),
    Promise.all(objects.map(async (object) => ({ object, ok: await isEnsured(kube, object, signal) }))),
    readStateSecret(kube, signal),
    Promise.all(
      addons.map(async ({ name, job }) => [name, await observeAddon(kube, name, job, signal)] as const),
    ),
  ])
  return {
    version,
    nodes,
    authorization: ensured.filter(({ ok }) => !ok).map(({ object }) => refText(refOf(object))),
    // A ConfigMap of an old release does not count: snapshots do not read it.
    stateCopy: stateCopy?.from === 'Secret' ? stateCopy.text : undefined,
    addons: new Map(installed),
  }
}

async function observeAddon(
  kube: KubeApi,
  name: string,
  jobName: string,
  signal?: AbortSignal,
): Promise<ObservedAddon> {
  const { text, job } = await readAddon(kube, name, jobName, signal)
  return {
    ...(text !== undefined && { stored: text }),
    job: jobStage(job),
    jobAnnotations: job.annotations,
  }
}
