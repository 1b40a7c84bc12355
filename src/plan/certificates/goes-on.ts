import type { CaReaders } from '../../kube/objects/ca-readers.ts'

/** What a user wants with those who trust only the old CA. */
export interface RotationChoice {
  /** Their workloads are restarted. Default: false. */
  readonly restartWorkloads?: boolean
  /** The old CA goes whoever trusts it alone. Default: false. */
  readonly finish?: boolean
}

/** Whether the old CA and the old key may go, as far as those are concerned who would lose the API with it: all but the add-ons. */
export function goesOn(
  readers: CaReaders,
  { restartWorkloads = false, finish = false }: RotationChoice,
): boolean {
  if (finish || stopsFor(readers) === undefined) return true
  return restartWorkloads && readers.others.length === 0
}

/** Those for whom somebody has to decide; undefined if there are none. */
export function stopsFor(readers: CaReaders): CaReaders | undefined {
  const { workloads, others, oldTokens } = readers
  return workloads.length + others.length + oldTokens.length === 0 ? undefined : readers
}
