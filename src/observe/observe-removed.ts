import { isNotFound } from '../kube/client/api-error.ts'
import type { KubeApi } from '../kube/client/kube-api.ts'
import { refOf, refText } from '../kube/objects/kube-object.ts'
import { type RemovedApi, removedBetween, removedVersionOf } from '../kube/objects/removed-apis.ts'

/** An object that the API of a newer Kubernetes does not take any more as it was written. */
export interface RemovedUse {
  /** As in `Ingress default/shop`. */
  readonly object: string
  /** The API version that is removed. */
  readonly apiVersion: string
  /** The one to write instead; none where the object cannot be reached any more. */
  readonly instead?: string
}

/**
 * Objects of the cluster that were written with API versions which are removed on the way to `wanted`. Asks nothing where none
 * is.
 */
export async function observeRemoved(
  kube: KubeApi,
  running: string,
  wanted: string,
  signal?: AbortSignal,
): Promise<readonly RemovedUse[]> {
  const lists = removedBetween(running, wanted).map((api) => usesOf(kube, api, signal))
  return (await Promise.all(lists)).flat()
}

async function usesOf(kube: KubeApi, api: RemovedApi, signal?: AbortSignal): Promise<readonly RemovedUse[]> {
  const { isLast, kind, listedAs } = api
  const objects = await kube.list({ apiVersion: listedAs, kind }, signal).catch((error: unknown) => {
    if (isNotFound(error)) return []
    throw error
  })
  return objects.flatMap((found) => {
    const apiVersion = isLast ? listedAs : removedVersionOf(found, api)
    if (apiVersion === undefined) return []
    const object = refText(refOf({ ...found, kind, apiVersion: listedAs }))
    return [{ object, apiVersion, ...(isLast ? {} : { instead: listedAs }) }]
  })
}
