import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { StepInfo } from '../../engine/events.ts'
import { PlanRefusedError } from '../../errors.ts'
import type { Clock } from '../../observe/observe-clock.ts'
import { parseCertificate } from '../../pki/encoding/certificate.ts'
import type { CertificateEntry } from '../../pki/encoding/certificate-entry.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { systemClock } from '../../time.ts'
import { madeByClocks } from '../prepare/regard-clocks.ts'
import { isToBeDone, type PlanFirst, shownSteps } from '../run/planned-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { refuseUnfinishedNewCa } from '../state/unfinished.ts'
import { openTarget, withMachines } from './certificate-target.ts'
import { changeCertificates } from './change-certificates.ts'
import { followNewCa } from './follow-new-ca.ts'
import { withFollowers } from './plan-followers.ts'
import { refuseSkipped } from './refuse-skipped.ts'
import { begunAtOnce, type Making, type RotatedBundle, rotatedBundle } from './rotated-bundle.ts'

type Recorded = ClusterConfig['rotateCertificates']

/** What is rotated. */
export interface RotationRequest {
  /** As `cert rotate --service` names them; none: everything but the authorities. */
  readonly services: readonly string[]
  /** The request of cluster.yml, which the state records with what is done. */
  readonly recorded?: Recorded
}

/** The plan of a rotation, and what it is about. */
export interface Rotation {
  readonly plan: Plan
  readonly steps: readonly StepInfo[]
  readonly leftOut: readonly string[]
  /** Steps that were done; none of a dry run. */
  readonly done: number
  /** The cluster is down, and everything in it is restarted at once. */
  readonly atOnce: boolean
  /** Names of certificates that were issued in this run. */
  readonly issued: readonly string[]
  /** Names of those that an earlier rotation had issued, and that are brought to all nodes now. */
  readonly finished: readonly string[]
  /** Names of authorities that had ended, and were replaced. */
  readonly newAuthorities: readonly string[]
  /** Workloads and pods by kind and name that were started with a CA that was replaced, and are to be restarted. */
  readonly stillTrustOld: readonly string[]
  /** The administrator's certificate from before, which is accepted until its end: Kubernetes cannot revoke one. */
  readonly formerAdmin?: FormerCertificate
}

export interface FormerCertificate {
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly notAfter: Date
  /** It is not accepted any more. */
  readonly hasEnded: boolean
}

/** Plans a rotation, and does it unless it is a dry run. What restarts the whole cluster is confirmed first. */
export async function rotate(
  given: ClusterConfig,
  request: RotationRequest,
  { dryRun = false, confirm }: PlanFirst<Rotation>,
  operation: Operation,
): Promise<Rotation> {
  const target = await openTarget(given, operation, request.recorded)
  refuseWhileAuthoritiesChange(target.session.state)
  regardNewCa(target.session.state, request, operation)
  const { currentState, caRotation } = target.session.state
  const former = currentState.certificatesBundle?.['kube-admin']
  const make = (making?: Making): Promise<RotatedBundle> =>
    caRotation === undefined
      ? rotatedBundle(target, request.services, operation, making)
      : begunAtOnce(target, caRotation, operation)
  // What cannot be issued is refused before machines are asked.
  const offline = await make()
  return withMachines(target, operation, WITHOUT_NODE, async (connected) => {
    const skipped = connected.connected.skipped.flatMap(({ host }) => host ?? [])
    const isKnownOffline = skipped.length === 0 || currentState.nodesLeftOut === undefined
    const made = isKnownOffline ? offline : await make({ skipped })
    const again = (beginning: Clock): Promise<RotatedBundle> => make({ beginning, skipped })
    const parts = { made, hasNewAuthority: made.newAuthorities.length > 0, again }
    const change = await madeByClocks(parts, connected.connected.nodes, operation)
    return changeCertificates(connected, change, operation, async (planned) => {
      const { atOnce, access, run } = planned
      const plan = await withFollowers(connected, change, planned, operation)
      const rotation = {
        plan,
        steps: shownSteps(plan, operation),
        leftOut: [],
        done: 0,
        atOnce,
        issued: [...change.issued],
        finished: change.begun,
        newAuthorities: change.newAuthorities,
        stillTrustOld: [],
        ...formerAdmin(former, change.next['kube-admin'], (operation.deps.clock ?? systemClock)()),
      }
      const first = { dryRun, ...(atOnce && confirm && { confirm }) }
      if (!(await isToBeDone(rotation, first, operation, NOT_CONFIRMED))) return rotation
      const { done } = await run()
      const stillTrustOld = await followNewCa(connected.session, access, operation)
      refuseSkipped(access.unreachable)
      return { ...rotation, stillTrustOld, done }
    })
  })
}

/** Whatever is issued between the stages would be issued again by the next one. One at once is gone on with. */
export function refuseWhileAuthoritiesChange({ caRotation }: ClusterState): void {
  if (caRotation === undefined || caRotation.immediately) return
  throw new PlanRefusedError(`the CA is being rotated since ${caRotation.startedAt}, which is not done yet`, {
    step: 'plan',
    untouched: true,
    hint: 'go on with "rke cert rotate --rotate-ca", which renews all certificates as well',
  })
}

/** A run that goes on with a CA that was replaced at once does that alone: all certificates are new with it. */
function regardNewCa(
  state: ClusterState,
  { services, recorded }: RotationRequest,
  { options, emit }: Operation,
): void {
  if (recorded !== undefined || options.certificates !== undefined) refuseUnfinishedNewCa(state)
  if (state.caRotation === undefined || services.length === 0) return
  const text =
    'The CA was replaced at once, and this goes on with it: all certificates are new, whatever service is named'
  emit({ type: 'notice', level: 'warning', area: 'certificates', text })
}

const WITHOUT_NODE =
  'leave a node out with --skip-unreachable: it gets its certificates from the next run; or, while the API answers, take it out of cluster.yml and run "rke up"'
const NOT_CONFIRMED = 'nothing was rotated: it was not confirmed'

function formerAdmin(
  before: CertificateEntry | undefined,
  after: CertificateEntry | undefined,
  now: Date,
): Pick<Rotation, 'formerAdmin'> {
  if (!before?.certificatePEM || before.certificatePEM === after?.certificatePEM) return {}
  const { serialNumber, notAfter } = parseCertificate(before.certificatePEM, 'kube-admin')
  return { formerAdmin: { serialNumber, notAfter, hasEnded: notAfter.getTime() <= now.getTime() } }
}
