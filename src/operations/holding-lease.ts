import type { KubeApi } from '../kube/kube-api.ts'
import { takeLease } from '../kube/lease.ts'
import type { Deps, RunOptions } from './deps.ts'
import { closing } from './exclusively.ts'

/**
 * Runs `work` while holding the cluster's own lease, so that other runs on it, from wherever, stay away. Without an API to
 * hold it in, or somebody to hold it, it is run without.
 * @throws LockError if somebody else holds it.
 */
export async function holdingLease<T>(
  api: (() => Promise<KubeApi>) | undefined,
  { clock = () => new Date() }: Pick<Deps, 'clock'>,
  { owner, breakLock = false, signal }: Pick<RunOptions, 'owner' | 'breakLock' | 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  if (owner === undefined || api === undefined) return work()
  const lease = await takeLease(await api(), { owner, clock, force: breakLock, ...(signal && { signal }) })
  return closing({ close: () => lease.release() }, work)
}
