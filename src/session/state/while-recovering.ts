import { systemClock } from '../../time.ts'
import type { Deps } from '../deps.ts'
import type { StateSession } from './state-session.ts'

/**
 * Runs `work` of a recovery of etcd, which is noted in the state until it is done: meanwhile nothing else may start the members that
 * are stopped.
 * @param chosen address of the node whose data the cluster goes on with; `undefined` where an earlier run has come further than that
 */
export async function whileRecovering(
  session: StateSession,
  chosen: string | undefined,
  { clock = systemClock }: Pick<Deps, 'clock'>,
  work: () => Promise<unknown>,
): Promise<void> {
  if (chosen !== undefined) {
    const startedAt = session.state.recovering?.startedAt ?? clock().toISOString()
    await session.save({ recovering: { node: chosen, startedAt } })
  }
  await work()
  await session.update(({ recovering: _done, ...state }) => state)
}
