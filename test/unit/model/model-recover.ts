import { formerEtcdNodes, viewOfRecovery } from '../../../src/operations/snapshots/observe-recovery.ts'
import { planDiscard } from '../../../src/plan/snapshots/recover/plan-discard.ts'
import { planRecover } from '../../../src/plan/snapshots/recover/plan-recover.ts'
import { StateSession } from '../../../src/session/state/state-session.ts'
import { whileRecovering } from '../../../src/session/state/while-recovering.ts'
import { refuseWhileRestoring } from '../../../src/session/state/while-restoring.ts'
import { modelAccess } from './model-access.ts'
import type { ModelCluster, Prepared } from './model-cluster.ts'
import { operationOf, prepared } from './model-operation.ts'

/** As `recoverQuorum` prepares: everything up to the plan, or a refusal. */
export async function planOfRecovery(model: ModelCluster, { discard = false } = {}): Promise<Prepared> {
  const { config, store } = model
  const run = model.newRun()
  const session = await StateSession.open(store.of(run.signal))
  const { state } = session
  refuseWhileRestoring(state)
  const former = formerEtcdNodes(state, config)
  const access = modelAccess(model, run, { others: former, skipUnreachable: true })
  const ways = {
    node: access.node,
    etcd: access.etcd,
    credentials: async () => undefined,
    observe: async () => access.observe(),
  }
  const operation = operationOf(model, run, {})
  const view = await viewOfRecovery({ config, state, former }, ways, {}, operation)
  const decided = discard ? { plan: planDiscard(view), chosen: undefined } : planRecover(view)
  return prepared(model, {
    run,
    session,
    access,
    bundle: state.desiredState.certificatesBundle ?? {},
    plan: decided.plan,
    around: (work) => whileRecovering(session, decided.chosen, {}, work),
  })
}
