import type { KubeApi } from '../../kube/client/kube-api.ts'
import { readStateSecret } from '../../kube/tasks/state-secret.ts'
import { closing } from '../closing.ts'
import { accessThrough } from '../connect/cluster-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { refuseForeignCopy } from '../state/foreign-copy.ts'
import { holdingLease } from '../state/holding-lease.ts'
import { copyDigest } from '../state/state-session.ts'
import type { CertificateTarget } from './certificate-target.ts'

/**
 * Runs `work`, which replaces the CA at once, under the lease of a cluster that still answers with the certificates from before: those
 * to come are of no use to ask it. A state that is older than the cluster is refused, and so is a second run. Where the API does
 * not answer, nobody can be asked.
 *
 * The lease cannot be given back once the API has the new CA; what follows then takes it as the same owner, and gives it back.
 * @throws LockError if another run holds the lease, StateError if the cluster was changed with another state.
 */
export async function underFormerLease<T>(
  { session, config, connected }: CertificateTarget,
  operation: Operation,
  work: () => Promise<T>,
): Promise<T> {
  const { deps, options, emit } = operation
  const { currentState, notRestored } = session.state
  const lent = { ...connected, close: async () => {} }
  const former = currentState.certificatesBundle ?? {}
  const access = accessThrough(lent, config, [], former, operation, notRestored)
  return closing(access, async () => {
    const signal = endOf(options)
    const asked = await askedFor(access.kube, signal)
    if (asked === undefined) return work()
    const { api, stored } = asked
    return holdingLease(
      async () => api,
      deps,
      options,
      emit,
      async () => {
        if (stored?.from === 'Secret') {
          if (!options.breakLock) refuseForeignCopy(session.state, stored.text)
          await session.save({ copiesInCluster: [copyDigest(stored.text)] })
        }
        return work()
      },
    )
  })
}

/** The API with what it has of the state; undefined if it does not answer. */
async function askedFor(open: () => Promise<KubeApi>, signal: AbortSignal) {
  try {
    const api = await open()
    return { api, stored: await readStateSecret(api, signal) }
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
