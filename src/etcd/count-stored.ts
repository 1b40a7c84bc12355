import { ENCRYPTED, isStoredAs } from '../encryption-mark.ts'
import { EtcdError } from '../errors.ts'
import type { EtcdApi } from './etcd-api.ts'

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
  for (let after: string | undefined; ; ) {
    const { heads, more } = await etcd.heads(prefix, { limit: PAGE, after }, signal)
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
