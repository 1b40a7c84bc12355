import { expect, test } from 'vitest'
import { LockError, StateError } from '../../../src/errors.ts'
import type { ClusterState } from '../../../src/state/cluster-state.ts'
import type { StateStore } from '../../../src/state/state-store.ts'

export const stateWith = (encryptionConfig: string): ClusterState => ({
  desiredState: { encryptionConfig },
  currentState: {},
})

/** What every place for a cluster's state promises. */
export function storeContract(open: () => StateStore): void {
  test('a new store holds nothing', async () => {
    expect(await open().load()).toBeUndefined()
  })

  test('what is saved is loaded again, under the revision that saving returned', async () => {
    const store = open()
    const { revision } = await store.save(stateWith('a'), undefined)
    expect(await store.load()).toMatchObject({ state: stateWith('a'), revision })
  })

  test('a state that someone else changed is not overwritten', async () => {
    const store = open()
    const first = await store.save(stateWith('a'), undefined)
    const second = await store.save(stateWith('b'), first.revision)
    await expect(store.save(stateWith('mine'), first.revision)).rejects.toThrow(StateError)
    await expect(store.save(stateWith('mine'), undefined)).rejects.toThrow(StateError)
    expect(await store.load()).toMatchObject({ state: stateWith('b'), revision: second.revision })
  })

  test('a state that someone else deleted is not written back', async () => {
    const store = open()
    const { revision } = await store.save(stateWith('a'), undefined)
    await store.remove()
    await expect(store.save(stateWith('b'), revision)).rejects.toThrow(StateError)
    expect(await store.load()).toBeUndefined()
    await store.remove()
  })

  test('one run at a time has the lock, and the other is told which', async () => {
    const store = open()
    const lock = await store.lock('rke up')
    await expect(store.lock('rke remove')).rejects.toThrow(LockError)
    await expect(store.lock('rke remove')).rejects.toThrow(/rke up/)
    await lock.release()
    await (await store.lock('rke remove')).release()
  })

  test('releasing twice does not take the lock from the next run', async () => {
    const store = open()
    const first = await store.lock('first')
    await first.release()
    const second = await store.lock('second')
    await first.release()
    await expect(store.lock('third')).rejects.toThrow(/second/)
    await second.release()
  })
}
