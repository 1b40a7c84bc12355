import type { DrainOptions } from '../../kube/drain/drain.ts'
import type { DrainSettings } from '../../plan/action/drain.ts'
import type { ActionContext } from '../action-handler.ts'
import { waitForWatchLag } from './watch-lag.ts'

/** How pods are evicted in a run. `leaves`: the node does not take any again. */
export function drainOptions(
  settings: DrainSettings,
  context: ActionContext,
  { leaves }: { readonly leaves: boolean },
): DrainOptions {
  const { timeout, watchLag, ...rest } = settings
  const { signal, progress, time } = context
  return {
    ...rest,
    leaves,
    // For kubectl, as whose drain RKE's works, 0 is no limit.
    deadlineMs: timeout === 0 ? Number.POSITIVE_INFINITY : timeout * 1000,
    signal,
    onProgress: progress,
    time,
    before: (leader) => waitForWatchLag(watchLag, context, leader),
  }
}
