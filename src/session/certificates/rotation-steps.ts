import { PlanRefusedError } from '../../errors.ts'
import type { CaChange } from '../../kube/objects/ca-readers.ts'
import type { Clock } from '../../observe/observe-clock.ts'
import { certificateTexts } from '../../pki/encoding/certificate.ts'
import { newKeys } from '../../pki/encoding/keys.ts'
import { CLUSTER_CA, TOKEN_CERTIFICATE } from '../../pki/inventory/inventory.ts'
import { hasExternalKey } from '../../pki/issue/authorities.ts'
import { validityOf } from '../../pki/issue/validity.ts'
import { type OwnAuthority, readAuthority } from '../../pki/own/own-authority.ts'
import { bundleAtOnce, bundleOfStage, type StageRequest } from '../../pki/rotation/bundle-of-stage.ts'
import { makeNextAuthorities } from '../../pki/rotation/next-authorities.ts'
import { type RotationStage, stageAfter, stageOf } from '../../pki/rotation/rotation-stages.ts'
import { tokenKeyId } from '../../pki/rotation/token-key-id.ts'
import { whyNotVouchedFor } from '../../pki/rotation/vouching.ts'
import type { CaRotation, ClusterState } from '../../state/cluster-state.ts'
import { systemClock } from '../../time.ts'
import type { Operation } from '../run/redacted-run.ts'
import { refuseBegunNodes } from './begun-nodes.ts'
import type { CertificateTarget } from './certificate-target.ts'
import type { BundleChange } from './change-certificates.ts'

/**
 * The rotation that the state has, or a new one, of which nothing is saved yet: to an authority of the user's own if one is given.
 * @param beginning by which new authorities begin; default: the clock of this machine
 * @throws PkiError if what is given cannot sign for this cluster, PlanRefusedError if another rotation was begun.
 */
export async function rotationOf(
  { session, config }: Pick<CertificateTarget, 'session' | 'config'>,
  { deps: { keys = newKeys, clock = systemClock }, options }: Pick<Operation, 'deps' | 'options'>,
  beginning: Clock = clock,
): Promise<CaRotation> {
  const now = clock()
  const given = options.authority && readAuthority(options.authority, config, now)
  const { caRotation } = session.state
  if (caRotation !== undefined) {
    if (given?.certificates !== undefined) refuseOtherNext(caRotation, given.certificates)
    return caRotation
  }
  const isKeyExternal = hasExternalKey(config)
  const isOwn = given?.certificates !== undefined || isKeyExternal
  const own = isOwn ? { authority: given ?? {}, isKeyExternal } : undefined
  const next = await makeNextAuthorities(keys, beginning(), validityOf(config), own)
  const old = session.state.currentState.certificatesBundle?.[CLUSTER_CA]
  const notVouchedFor = whyNotVouchedFor(old, next[CLUSTER_CA])
  return { startedAt: now.toISOString(), next, ...(notVouchedFor && { notVouchedFor }) }
}

function refuseOtherNext({ next }: CaRotation, given: NonNullable<OwnAuthority['certificates']>): void {
  const text = certificateTexts(next[CLUSTER_CA].certificatePEM)
  if (text === given.map(({ pem }) => pem).join('')) return
  throw new PlanRefusedError('a rotation to another CA was begun, and is not done', {
    step: 'rotate the CA',
    untouched: true,
    hint: 'finish it with the CA that it was begun with, or without --ca-cert; then rotate once more',
  })
}

/** Through which stage all nodes are; undefined: none. */
export function reachedStage(
  { currentState }: ClusterState,
  { next }: Pick<CaRotation, 'next'>,
): RotationStage | undefined {
  return stageOf(currentState.certificatesBundle ?? {}, next)
}

/** Whether nodes are on their way to the stage after the one that all are through: who was to follow that one has done so. */
export function isUnderWay({ desiredState, currentState }: ClusterState, { next }: CaRotation): boolean {
  const [to, from] = [desiredState, currentState].map(({ certificatesBundle = {} }) =>
    stageOf(certificatesBundle, next),
  )
  return to !== from
}

/** The certificates that the cluster runs with, as a change that changes nothing. */
export const unchanged = ({ currentState }: ClusterState): BundleChange => ({
  next: currentState.certificatesBundle ?? {},
  issued: new Set(),
})

/** One stage, and the certificates that nodes get in it. */
export interface NextStage {
  readonly stage: RotationStage
  readonly change: BundleChange
}

/** What comes next; undefined once all nodes are through the last stage. One that was begun has its certificates already. */
export async function nextStage(
  { session, applied, config }: Pick<CertificateTarget, 'session' | 'applied' | 'config'>,
  rotation: CaRotation,
  operation: Pick<Operation, 'deps' | 'options'>,
): Promise<NextStage | undefined> {
  const { next } = rotation
  const { desiredState, currentState } = session.state
  const from = desiredState.certificatesBundle ?? currentState.certificatesBundle ?? {}
  const stage = stageAfter(reachedStage(session.state, rotation))
  if (stage === undefined) return undefined
  const begin = { caRotation: rotation }
  if (stageOf(from, next) === stage) return { stage, change: { next: from, issued: new Set(), begin } }
  refuseBegunNodes(applied, desiredState.rkeConfig)
  const { bundle, issued } = await bundleOfStage(stage, from, next, requestOf(config, operation))
  return { stage, change: { next: bundle, issued, begin } }
}

function requestOf(
  config: CertificateTarget['config'],
  { deps: { keys = newKeys, clock = systemClock }, options }: Pick<Operation, 'deps' | 'options'>,
): StageRequest {
  return {
    ...(options.authority && { authority: readAuthority(options.authority, config, clock()) }),
    config,
    keys,
    clock,
    localKubeconfigPath: options.kubeconfigPath ?? './kube_config_cluster.yml',
  }
}

/**
 * The certificates that a cluster ends with, in one step: RKE's form, and RKE's way, which keeps the key of tokens. One that was begun
 * has its certificates already, and what is left once all nodes have them needs no restart of everything.
 */
export async function immediateChange(
  { session, applied, config }: Pick<CertificateTarget, 'session' | 'applied' | 'config'>,
  rotation: CaRotation,
  operation: Pick<Operation, 'deps' | 'options'>,
): Promise<BundleChange> {
  const { next } = rotation
  const { desiredState, currentState } = session.state
  const from = desiredState.certificatesBundle ?? currentState.certificatesBundle ?? {}
  const atOnce = reachedStage(session.state, rotation) !== 'finish'
  const begun = { atOnce, begin: { caRotation: { ...rotation, immediately: true } } }
  if (stageOf(from, next) === 'finish') return { ...begun, next: from, issued: new Set() }
  refuseBegunNodes(applied, desiredState.rkeConfig)
  const { bundle, issued } = await bundleAtOnce(from, next, requestOf(config, operation))
  return { ...begun, next: bundle, issued }
}

/** By which those are known who follow a rotation in Kubernetes. */
export function caChangeOf({ startedAt, next }: CaRotation): CaChange {
  return { mark: startedAt, keyId: tokenKeyId(next[TOKEN_CERTIFICATE]) }
}

/** What the files of `kube-ca` on all nodes hold, and pods get of it. */
export const caTextOf = ({ currentState }: Pick<ClusterState, 'currentState'>): string =>
  certificateTexts(currentState.certificatesBundle?.[CLUSTER_CA]?.certificatePEM ?? '')
