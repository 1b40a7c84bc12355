import { ENCRYPTED, isStoredAs } from '../encryption-mark.ts'
import { EtcdError } from '../errors.ts'
import type { EtcdApi, ValueHeads } from './etcd-api.ts'
import { EtcdTimeoutError } from './etcd-failure.ts'

/** Few, as each answer holds the values whole. */
const PAGE = 50
/** Keys that an error names. */
const NAMED = 10

export interface CountOptions {
  readonly signal?: AbortSignal | undefined
  /** Whether the API serves these objects, which decides what helps. Default: true. */
  readonly served?: boolean
  /** Called after each page with the number of values read so far. */
  readonly onProgress?: ((read: number) => void) | undefined
}

/**
 * Reads how all values below a prefix begin, and counts them.
 * @throws EtcdError with keys of values that are not stored as `mark` says (`isStoredAs`).
 */
export async function countStored(
  etcd: EtcdApi,
  prefix: string,
  mark: string,
  { signal, served = true, onProgress }: CountOptions = {},
): Promise<number> {
  let count = 0
  const others: string[] = []
  let limit = PAGE
  for (let after: string | undefined; ; ) {
    const page = await readPage(etcd, prefix, { limit, after }, signal)
    const { heads, more } = page
    limit = page.limit
    count += heads.length
    others.push(...heads.filter(({ head }) => !isStoredAs(mark, head)).map(({ key }) => key))
    onProgress?.(count)
    const last = heads.at(-1)
    if (!more || last === undefined) break
    after = last.key
  }
  if (others.length === 0) return count
  const names = others.slice(0, NAMED).join(', ')
  const rest = others.length > NAMED ? ` and ${others.length - NAMED} more` : ''
  throw new EtcdError(
    `${others.length} of ${count} values are not stored with the new key: ${names}${rest}`,
    {
      why: served
        ? whyOthers(mark)
        : 'the API does not serve this resource, so they could not be written anew',
      hint: served ? BROKEN : NOT_SERVED,
    },
  )
}

/** Half as many values, down to one, as long as the answer does not come in time. */
async function readPage(
  etcd: EtcdApi,
  prefix: string,
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
  signal: AbortSignal | undefined,
): Promise<ValueHeads & { readonly limit: number }> {
  try {
    return { ...(await etcd.heads(prefix, { limit, after }, signal)), limit }
  } catch (error) {
    if (!(error instanceof EtcdTimeoutError) || limit === 1) throw error
    return readPage(etcd, prefix, { limit: Math.floor(limit / 2), after }, signal)
  }
}

const whyOthers = (mark: string): string =>
  mark === ''
    ? `they still begin with ${ENCRYPTED}`
    : `they do not begin with ${mark}, though all objects were written anew`

const BROKEN =
  'the old key is kept, so they can still be read: read these objects with kubectl, write or delete what is broken, and ' +
  'run the same command again'

const NOT_SERVED =
  'the old key is kept: install the CustomResourceDefinition of this resource again so that these objects can be written, or ' +
  'delete these keys with etcdctl if nothing needs them, and run the same command again'
