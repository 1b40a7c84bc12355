import { StateError } from '../../src/errors.ts'
import type { ClusterState } from '../../src/state/cluster-state.ts'
import { MemoryStateStore } from '../../src/state/memory-state-store.ts'

/** A state in memory that counts what is written, and whose disk can be full. */
export class WatchedStore extends MemoryStateStore {
  /** Saves that were tried, and removals. */
  writes = 0
  /** Number of the save that fails for want of space; the ones after it work. */
  fullAt: number | undefined

  /** Another store with the same state. */
  async copy(): Promise<WatchedStore> {
    const copy = new WatchedStore((await this.load())?.state)
    copy.writes = this.writes
    return copy
  }

  override async save(state: ClusterState, expected: string | undefined): Promise<{ revision: string }> {
    this.writes += 1
    if (this.writes === this.fullAt) {
      const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      throw new StateError(`cluster.rkestate cannot be written: ${cause.message}`, { cause })
    }
    return super.save(state, expected)
  }

  override async remove(): Promise<void> {
    this.writes += 1
    return super.remove()
  }
}
