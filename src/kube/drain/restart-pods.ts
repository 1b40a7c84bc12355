import { RunFailedError, toRkeError } from '../../errors.ts'
import type { KubeApi } from '../client/kube-api.ts'

/**
 * Deletes all pods that have one of the labels (`k8s-app=flannel`), in every namespace, so that their controllers
 * recreate them; does not wait for that. Tries all before it fails. Returns the number of deleted pods.
 */
export async function restartPods(
  kube: KubeApi,
  labels: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const lists = await Promise.all(labels.map((labelSelector) => kube.listPods({ labelSelector }, signal)))
  const pods = new Map(lists.flat().map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]))
  const outcomes = await Promise.allSettled(
    [...pods.values()].map(({ metadata: { namespace, name } }) =>
      kube.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name }, signal === undefined ? {} : { signal }),
    ),
  )
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [toRkeError(outcome.reason)] : [],
  )
  if (failures.length > 0) {
    throw new RunFailedError(`${failures.length} of ${pods.size} pods could not be restarted`, failures, {
      step: 'restart addon pods',
    })
  }
  return pods.size
}
