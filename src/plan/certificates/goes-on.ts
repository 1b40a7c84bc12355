import { type CaReaders, isNobody, NO_READERS } from '../../kube/objects/ca-readers.ts'
import type { RotationStage } from '../../pki/rotation/rotation-stages.ts'
import type { CaRotation } from '../../state/cluster-state.ts'

/** What a user wants with those who trust only the old CA. */
export interface RotationChoice {
  /** Their workloads are restarted. Default: false. */
  readonly restartWorkloads?: boolean
  /** The old CA goes whoever trusts it alone. Default: false. */
  readonly finish?: boolean
}

type Vouching = Pick<CaRotation, 'notVouchedFor'>

/** Whether somebody has to follow a stage before the next one begins. */
export function mustBeFollowed(stage: RotationStage, { notVouchedFor }: Vouching): boolean {
  return stage === 'issue' || (stage === 'trust' && notVouchedFor !== undefined)
}

/**
 * Those who have to follow a stage before the next one begins: all before the old CA goes; where that does not vouch for the new one,
 * pods before the new one issues, and only tokens afterwards.
 */
export function followersOf(stage: RotationStage, rotation: Vouching, readers: CaReaders): CaReaders {
  if (!mustBeFollowed(stage, rotation)) return NO_READERS
  if (rotation.notVouchedFor === undefined) return readers
  return stage === 'trust' ? { ...readers, oldTokens: [] } : { ...NO_READERS, oldTokens: readers.oldTokens }
}

/** Whether the next stage may begin, as far as those are concerned who would lose the API with it: all but the add-ons. */
export function goesOn(
  readers: CaReaders,
  { restartWorkloads = false, finish = false }: RotationChoice,
): boolean {
  if (finish || isNobody(readers)) return true
  return restartWorkloads && readers.others.length === 0
}

/** Those who lose the API with the next stage: of the tokens new ones are made. */
export const losers = (left: CaReaders): CaReaders => ({ ...left, oldTokens: [] })
