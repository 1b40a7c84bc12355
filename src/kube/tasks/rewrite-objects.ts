import { type RkeError, RunFailedError, toRkeError } from '../../errors.ts'
import { inParallel } from '../../in-parallel.ts'
import { ApiError, isConflict, isNotFound } from '../client/api-error.ts'
import type { KubeApi } from '../client/kube-api.ts'
import { type KubeObject, refOf } from '../objects/kube-object.ts'
import type { ServedKind } from '../objects/resource-names.ts'

export interface RewriteOptions {
  readonly signal?: AbortSignal | undefined
  /** Called after each page with the kind, and the number of its objects written so far. */
  readonly onProgress?: ((kind: string, written: number) => void) | undefined
  readonly pageSize?: number
}

const WORKERS = 5
const CONFLICT_TRIES = 5

/**
 * Writes every object of these kinds back unchanged, so that the API server encrypts it with its first key: what is stored so
 * already it leaves alone, so that it costs little to begin again. Each once; deleted ones count as done. All are tried before it
 * fails. Returns the number of objects written.
 */
export async function rewriteObjects(
  kube: KubeApi,
  kinds: readonly Pick<ServedKind, 'apiVersion' | 'kind'>[],
  options: RewriteOptions = {},
): Promise<number> {
  const failures: RkeError[] = []
  let written = 0
  for (const kind of kinds) written += await rewriteKind(kube, kind, failures, options)
  if (failures.length === 0) return written
  throw new RunFailedError(`${failures.length} of ${written} objects could not be written anew`, failures, {
    step: 'write all objects anew',
    hint: 'they are still readable with the old key, which is kept; run the same command again',
  })
}

/** Gathers failures, and returns how many objects were tried. */
async function rewriteKind(
  kube: KubeApi,
  { apiVersion, kind }: Pick<ServedKind, 'apiVersion' | 'kind'>,
  failures: RkeError[],
  { signal, onProgress, pageSize = 250 }: RewriteOptions,
): Promise<number> {
  const done = new Set<string>()
  for (let from: string | undefined; ; ) {
    const page = await nextPage(kube, { apiVersion, kind }, { limit: pageSize, from }, signal)
    if (page === 'expired') {
      from = undefined
      continue
    }
    const left = page.items.filter((object) => !done.has(keyOf(object)))
    await inParallel(left, WORKERS, async (object) => {
      done.add(keyOf(object))
      await rewriteOne(kube, object, signal).catch((error: unknown) => {
        signal?.throwIfAborted()
        failures.push(toRkeError(error))
      })
    })
    onProgress?.(kind, done.size)
    if (page.continue === undefined) return done.size
    from = page.continue
  }
}

async function nextPage(
  kube: KubeApi,
  query: Pick<ServedKind, 'apiVersion' | 'kind'>,
  { limit, from }: { readonly limit: number; readonly from: string | undefined },
  signal?: AbortSignal,
) {
  try {
    return await kube.listPage(query, { limit, ...(from === undefined ? {} : { from }) }, signal)
  } catch (error) {
    // The continue token has expired: restart the list and skip what is done.
    if (from !== undefined && error instanceof ApiError && error.status === 410) return 'expired'
    throw error
  }
}

async function rewriteOne(kube: KubeApi, object: KubeObject, signal?: AbortSignal): Promise<void> {
  let current: KubeObject | undefined = object
  for (let attempt = 1; current !== undefined; attempt++) {
    try {
      await kube.replace(current, signal === undefined ? {} : { signal })
      return
    } catch (error) {
      if (isNotFound(error)) return
      if (!isConflict(error) || attempt === CONFLICT_TRIES) throw error
      current = await kube.read(refOf(object), signal)
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}
