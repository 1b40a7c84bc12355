import type { ClusterConfig } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'
import { refuseRotations } from '../../plan/checks/guards.ts'
import { sameRequest } from '../../plan/state/shipped-bundle.ts'
import type { Operation } from '../run/redacted-run.ts'
import { StateSession } from '../state/state-session.ts'
import { type Rotation, rotate } from './rotate.ts'

/**
 * The rotation that `rotate_certificates` of cluster.yml asks for, instead of anything else, as in RKE; `undefined` where it asks for
 * none. RKE rotates in each run while the block is there; here the state records what was done, and the same is not done twice.
 * @throws PlanRefusedError if the cluster is down, and the rotation must be confirmed.
 */
export async function askedRotation(
  given: ClusterConfig,
  dryRun: boolean,
  operation: Operation,
): Promise<Rotation | undefined> {
  const { rotateCertificates } = given
  if (rotateCertificates == null) return undefined
  const { currentState } = (await StateSession.open(operation.deps.store)).state
  const applied = currentState.rkeConfig
  if (applied === undefined || sameRequest(rotateCertificates, applied.rotateCertificates)) return undefined
  refuseRotations(given, currentState)
  const confirm = async (): Promise<boolean> => {
    throw mustBeConfirmed()
  }
  const request = { services: rotateCertificates.services ?? [], recorded: rotateCertificates }
  const rotation = await rotate(given, request, { dryRun, confirm }, operation)
  const text = `rotate_certificates is ${dryRun ? 'planned' : 'done'}, and nothing else of cluster.yml: run the same command again for the rest`
  operation.emit({ type: 'notice', level: 'warning', area: 'certificates', text })
  return rotation
}

function mustBeConfirmed(): PlanRefusedError {
  return new PlanRefusedError('the cluster is down, and its certificates can only be rotated all at once', {
    step: 'plan',
    untouched: true,
    hint: 'run "rke cert rotate", which shows what it does and asks',
  })
}
