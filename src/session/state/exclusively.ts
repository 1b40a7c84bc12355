import type { StateStore } from '../../state/state-store.ts'

/** Runs `work` while holding the lock on a cluster's state, which is released however it ends. */
export async function exclusively<T>(
  store: StateStore,
  owner: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await store.lock(owner, signal)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}
