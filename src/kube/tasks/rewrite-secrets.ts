import { type RkeError, RunFailedError, toRkeError } from '../../errors.ts'
import { inParallel } from '../../in-parallel.ts'
import { ApiError, isConflict, isNotFound } from '../client/api-error.ts'
import type { KubeApi } from '../client/kube-api.ts'
import { type KubeObject, refOf } from '../objects/kube-object.ts'

export interface RewriteOptions {
  readonly signal?: AbortSignal | undefined
  /** Called after each page with the number of Secrets written so far. */
  readonly onProgress?: ((written: number) => void) | undefined
  readonly pageSize?: number
}

const SECRETS = { apiVersion: 'v1', kind: 'Secret' } as const
const WORKERS = 5
const CONFLICT_TRIES = 5

/**
 * Writes every Secret back unchanged, so that the API server encrypts it with the first key. Each once; deleted ones
 * count as done. All are tried before it fails. Returns the number of Secrets written.
 */
export async function rewriteSecrets(kube: KubeApi, options: RewriteOptions = {}): Promise<number> {
  const { signal, onProgress, pageSize = 250 } = options
  const done = new Set<string>()
  const failures: RkeError[] = []
  for (let from: string | undefined; ; ) {
    const page = await nextPage(kube, pageSize, from, signal)
    if (page === 'expired') {
      from = undefined
      continue
    }
    const left = page.items.filter((secret) => !done.has(keyOf(secret)))
    await inParallel(left, WORKERS, async (secret) => {
      done.add(keyOf(secret))
      await rewriteOne(kube, secret, signal).catch((error: unknown) => {
        signal?.throwIfAborted()
        failures.push(toRkeError(error))
      })
    })
    onProgress?.(done.size)
    if (page.continue === undefined) break
    from = page.continue
  }
  if (failures.length === 0) return done.size
  throw new RunFailedError(`${failures.length} of ${done.size} Secrets could not be rewritten`, failures, {
    step: 'rewrite all Secrets',
    hint: 'they are still readable with the old key, which must be kept; run the same command again',
  })
}

async function nextPage(kube: KubeApi, limit: number, from: string | undefined, signal?: AbortSignal) {
  try {
    return await kube.listPage(SECRETS, { limit, ...(from === undefined ? {} : { from }) }, signal)
  } catch (error) {
    // The continue token has expired: restart the list and skip what is done.
    if (from !== undefined && error instanceof ApiError && error.status === 410) return 'expired'
    throw error
  }
}

async function rewriteOne(kube: KubeApi, secret: KubeObject, signal?: AbortSignal): Promise<void> {
  let current: KubeObject | undefined = secret
  for (let attempt = 1; current !== undefined; attempt++) {
    try {
      await kube.replace(current, signal === undefined ? {} : { signal })
      return
    } catch (error) {
      if (isNotFound(error)) return
      if (!isConflict(error) || attempt === CONFLICT_TRIES) throw error
      current = await kube.read(refOf(secret), signal)
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}
