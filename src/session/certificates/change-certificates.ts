import { userManifests } from '../../addons/user-addons.ts'
import { desiredInput, type Material } from '../../desired/desired-cluster.ts'
import type { StepInfo } from '../../engine/events.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import type { Action } from '../../plan/action.ts'
import { haveCommonAuthority, mustChangeAtOnce } from '../../plan/certificates/must-change-at-once.ts'
import { planAtOnce } from '../../plan/certificates/plan-at-once.ts'
import { refuseUnfinishedChange } from '../../plan/certificates/refuse-unfinished-change.ts'
import { clockWarnings } from '../../plan/checks/clock-warnings.ts'
import type { Decision } from '../../plan/decide.ts'
import type { ClusterView } from '../../plan/model/cluster-view.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { systemClock } from '../../time.ts'
import { closing } from '../closing.ts'
import { accessThrough, type ClusterAccess } from '../connect/cluster-access.ts'
import { decidePlan } from '../prepare/decide-plan.ts'
import { observeCluster } from '../prepare/observe-cluster.ts'
import { imagesOfNodes, type OfflinePreparation } from '../prepare/prepare-offline.ts'
import { applyDecision } from '../run/apply-decision.ts'
import { shownSteps } from '../run/planned-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import type { Ended } from '../run/run-with-events.ts'
import type { CertificateTarget } from './certificate-target.ts'
import { underFormerLease } from './under-former-lease.ts'

/** Certificates and keys that a cluster gets in the place of those that it was given last (`currentState.certificatesBundle`). */
export interface BundleChange {
  readonly next: CertificatesBundle
  /** Names of those that were issued in this run. */
  readonly issued: ReadonlySet<string>
  /** With which the cluster is asked while nothing is changed. Default: `next`, which it takes where a change can be begun. */
  readonly askedWith?: CertificatesBundle
  /** Everything is changed at once, also where it need not be. Default: false. */
  readonly atOnce?: boolean
  /** Saved together with `next`, before the first action. */
  readonly begin?: Partial<Pick<ClusterState, 'copiesInCluster' | 'caRotation'>>
}

/** What it takes to change the certificates, and the way to do it. */
export interface PlannedChange {
  readonly decision: Decision
  /** The cluster is down, and its components are restarted all at once (`planAtOnce`). */
  readonly atOnce: boolean
  /** The actions as people read them, in order; empty if every node has everything. */
  readonly steps: readonly StepInfo[]
  /** Ways to the cluster with the certificates that it gets. */
  readonly access: ClusterAccess
  /**
   * Does what is planned, under the cluster's lease where its API answers, with the certificates from before if need be. The desired half of the state holds the next bundle
   * from the beginning, and the current half gets it when everything is done: after a kill the next run, of whatever kind, plans what
   * is left.
   */
  run(): Promise<Ended<Action>>
}

/**
 * Plans one change of certificates over the configuration that was applied last, and hands the plan to `work`. Nothing else of
 * cluster.yml is applied, and addons are left alone. Nothing is written before `run`.
 *
 * All nodes get their files first. What reads a changed one only when it starts is restarted then, one component on one node at a
 * time with its health check, within the limits of `upgrade_strategy`. A change of several steps (a CA) is a chain of these,
 * each planned when the one before is done: the target's connections stay open.
 *
 * Everything is changed at once instead where that is the only way (`mustChangeAtOnce`).
 * @throws PlanRefusedError if the API answers and the cluster is not as it was applied last (`refuseUnfinishedChange`).
 */
export async function changeCertificates<T>(
  target: CertificateTarget,
  change: BundleChange,
  operation: Operation,
  work: (planned: PlannedChange) => Promise<T>,
): Promise<T> {
  const { applied, config, connected } = target
  const offline = offlineOf(target, change)
  // Several changes use the same connections.
  const lent = { ...connected, close: async () => {} }
  const { notRestored } = target.session.state
  const asked = change.askedWith ?? change.next
  const access = accessThrough(lent, config, [], asked, operation, notRestored)
  return closing(access, async () => {
    const seen = await observeCluster(applied, offline, access, operation)
    // It may be asked with others than those that it gets.
    const material = { ...seen.wanted.material, bundle: change.next }
    const view = { ...seen, wanted: { ...seen.wanted, material } }
    const now = (operation.deps.clock ?? systemClock)()
    // One that cannot be begun yet will find the certificates of the change before it.
    const atOnce = change.atOnce === true || (change.askedWith === undefined && mustChangeAtOnce(view, now))
    if (atOnce) warnOfClocks(view, operation)
    const decision = atOnce ? planAtOnce(view) : await decidePlan(view, offline, access, operation)
    if (!atOnce && view.seen.kube !== undefined) refuseUnfinishedChange(decision.plan.actions)
    return work({
      decision,
      atOnce,
      steps: shownSteps(decision.plan, operation),
      access,
      run: () => {
        const work = () => run(decision, target, change, access, operation)
        return isOtherCa(target, change) ? underFormerLease(target, operation, work) : work()
      },
    })
  })
}

/** The cluster cannot be asked with the certificates that it gets while it has none of them. */
function isOtherCa({ session }: CertificateTarget, { next }: BundleChange): boolean {
  const { certificatesBundle = {} } = session.state.currentState
  return !haveCommonAuthority(certificatesBundle, next)
}

/** The ordinary plan says so with all other warnings. */
function warnOfClocks({ seen }: ClusterView, { emit }: Operation): void {
  for (const text of clockWarnings(seen.machines.values())) {
    emit({ type: 'notice', level: 'warning', area: 'hosts', text })
  }
}

/** What `up` works out from cluster.yml, for a cluster that stays as it is but for its certificates. */
function offlineOf(
  { catalog, session, applied, config }: CertificateTarget,
  { next, issued }: BundleChange,
): OfflinePreparation {
  const { currentState, desiredState } = session.state
  // An exchange of the encryption key that was begun is gone on with.
  const { encryptionConfig } = currentState.encryptionRewritePending ? desiredState : currentState
  const material: Material = {
    bundle: next,
    generated: issued,
    encryptionConfig,
    encryptionGenerated: false,
  }
  const input = desiredInput(config, catalog, encryptionConfig !== undefined)
  const nothing = Promise.resolve()
  return {
    catalog,
    config: Promise.resolve(config),
    session: Promise.resolve(session),
    changes: nothing,
    manifests: nothing,
    user: Promise.resolve(userManifests('', [])),
    steps: Promise.resolve([]),
    leaving: Promise.resolve([]),
    material: Promise.resolve(material),
    reissued: async () => next,
    input: Promise.resolve(input),
    encryption: nothing,
    images: Promise.resolve(imagesOfNodes(config, applied, [], input)),
  }
}

/** The rest of the desired half stays: cluster.yml may ask for more than what was applied. */
function run(
  decision: Decision,
  { session }: CertificateTarget,
  { next, begin = {} }: BundleChange,
  access: ClusterAccess,
  operation: Operation,
): Promise<Ended<Action>> {
  const { currentState } = decision.basis.states.begun
  const desiredState = { ...session.state.desiredState, certificatesBundle: next }
  return applyDecision(decision, session, access, operation, {}, { ...begin, desiredState, currentState })
}
