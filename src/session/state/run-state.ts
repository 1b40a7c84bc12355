import type { RunState } from '../../actions/action-handler.ts'
import { Secret } from '../../secret.ts'
import { serialiseCopy } from '../../state/state-json.ts'
import { systemClock } from '../../time.ts'
import { refuseForeignCopy } from './foreign-copy.ts'
import { copyDigest, type StateSession } from './state-session.ts'

/** A session as the actions of a run change it. With `breakLock` any copy in the cluster is replaced. */
export function runState(session: StateSession, breakLock = false, clock = systemClock): RunState {
  return {
    commit: (applied) => session.save({ currentState: applied }),
    recordEncryption: (text) => {
      const { encryptionConfig: _before, ...current } = session.state.currentState
      const now = text.reveal() === '' ? {} : { encryptionConfig: text.reveal() }
      return session.save({ currentState: { ...current, ...now, encryptionRewritePending: true } })
    },
    mustBeOurs: (copy) => {
      if (!breakLock) refuseForeignCopy(session.state, copy)
    },
    copy: () => new Secret(serialiseCopy(session.state)),
    expectCopy: (copy) => {
      const known = session.state.copiesInCluster ?? []
      return session.save({ copiesInCluster: [...new Set([...known, copyDigest(copy)])] })
    },
    noteCopy: (copy) => session.save({ copiesInCluster: [copyDigest(copy)] }),
    async beginRestore(restore, state) {
      const begun = session.state.restoring
      const previous = begun === undefined ? await session.keep(clock()) : begun.previous
      const restoring = { ...restore, ...(previous !== undefined && { previous }) }
      await session.replace({ ...state.reveal(), restoring })
    },
    async finishRestore() {
      const { restoring } = session.state
      if (restoring !== undefined) await session.save({ restoring: { ...restoring, finished: true } })
    },
    async endRestore() {
      const { restoring: _done, ...state } = session.state
      await session.replace(state)
    },
    noteCleaned: (address) =>
      session.update(({ notRestored = [], ...state }) => {
        const left = notRestored.filter((one) => one !== address)
        return left.length === 0 ? state : { ...state, notRestored: left }
      }),
    undoRestore: (state) => session.replace(state.reveal()),
  }
}
