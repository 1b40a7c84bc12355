import type { ActionContext } from '../../actions/action-handler.ts'
import type { Emit } from '../../engine/events.ts'
import { takeLease } from '../../kube/tasks/lease.ts'
import { systemClock } from '../../time.ts'
import { asNotices } from '../as-notices.ts'
import { closing } from '../closing.ts'
import type { Deps, RunOptions } from '../deps.ts'
import { endOf } from '../end-of-run.ts'

/**
 * Runs `work` while holding the cluster's lease, so that other runs on it, from any machine, are refused. Runs
 * without it if there is no API or no owner.
 * @throws LockError if another run holds it.
 */
export async function holdingLease<T>(
  kubeFor: ActionContext['kubeFor'] | undefined,
  { clock = systemClock }: Pick<Deps, 'clock'>,
  options: Pick<RunOptions, 'owner' | 'breakLock' | 'signal' | 'abort'>,
  emit: Emit,
  work: () => Promise<T>,
): Promise<T> {
  const { owner, breakLock = false } = options
  if (owner === undefined || kubeFor === undefined) return work()
  const signal = endOf(options)
  const api = await kubeFor('objects', { signal, onProgress: asNotices(emit) })
  const lease = await takeLease(api, { owner, clock, force: breakLock, signal })
  return closing({ close: () => lease.release() }, work)
}
