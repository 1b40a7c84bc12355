import { ApiError, isAlreadyExists } from '../client/api-error.ts'
import type { KubeApi } from '../client/kube-api.ts'
import { includes } from '../objects/includes.ts'
import { type KubeObject, refOf } from '../objects/kube-object.ts'

export type Ensured = 'created' | 'updated' | 'unchanged'

/**
 * Makes sure that an object exists with all fields of `wanted`; other fields stay. An object with an immutable
 * difference (the role of a binding) is deleted and created again.
 */
export async function ensureObject(
  kube: KubeApi,
  wanted: KubeObject,
  signal?: AbortSignal,
): Promise<Ensured> {
  const ref = refOf(wanted)
  const options = signal === undefined ? {} : { signal }
  const actual = await kube.read(ref, signal)
  if (actual === undefined) {
    try {
      await kube.create(wanted, options)
      return 'created'
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
  } else if (includes(actual, wanted)) return 'unchanged'
  try {
    await kube.patch(ref, { ...wanted }, options)
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 422)) throw error
    await kube.delete(ref, options)
    await kube.create(wanted, options)
  }
  return 'updated'
}

/** Whether `ensureObject` would change something. */
export async function isEnsured(kube: KubeApi, wanted: KubeObject, signal?: AbortSignal): Promise<boolean> {
  return includes(await kube.read(refOf(wanted), signal), wanted)
}
