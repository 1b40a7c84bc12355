import type { RunState } from '../../actions/action-handler.ts'
import { Secret } from '../../secret.ts'
import { serialiseCopy } from '../../state/state-json.ts'
import { refuseForeignCopy } from './foreign-copy.ts'
import { copyDigest, type StateSession } from './state-session.ts'

/** A session as the actions of a run change it. With `breakLock` any copy in the cluster is replaced. */
export function runState(session: StateSession, breakLock = false): RunState {
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
  }
}
