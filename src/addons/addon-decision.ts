import { differsFromRke } from '../differs-from-rke.ts'
import { isComparableHash, manifestChanges, manifestHash, sameManifest } from './compare/compare.ts'
import { SUPERSEDED } from './jobs.ts'

/** What the addon's Job in the cluster says. `unfinished`: it runs, has failed or is being deleted. */
export type JobState = 'missing' | 'complete' | 'unfinished'

/** What the cluster holds of an addon. */
export interface InstalledAddon {
  /** The manifest text in the addon's ConfigMap. */
  readonly stored?: string | undefined
  /** The state of the deploy Job. */
  readonly job: JobState
  /** The deploy Job's manifest hash annotation; Jobs made by RKE 1 have none. */
  readonly jobHash?: string | undefined
}

export interface AddonDecision {
  /**
   * `apply`: store the manifest, run the deploy Job anew and wait for it. `delete`: run the delete Job, then
   * delete both Jobs. `none`: touch nothing.
   */
  readonly action: 'none' | 'apply' | 'delete'
  /** The reasons, for the plan; empty for `none`. */
  readonly because: readonly string[]
}

export interface KnownOfManifest {
  /** Its hash, for who has it: a large manifest takes time to read. */
  readonly digest?: string
  /** What RKE's manifest says otherwise, deliberately: said where RKE's is replaced. */
  readonly differences?: readonly string[]
}

const NONE: AddonDecision = { action: 'none', because: [] }

/**
 * What to do so that the cluster holds the manifest; `undefined` stands for an addon that is switched off.
 * A manifest that means the same as the stored one is not applied again, nor is a user's: a second run over
 * an unchanged cluster changes nothing.
 */
export function addonDecision(
  installed: InstalledAddon,
  desired: string | undefined,
  known: KnownOfManifest = {},
): AddonDecision {
  if (desired === undefined) {
    return installed.job === 'missing' ? NONE : { action: 'delete', because: ['switched off'] }
  }
  const because = reasons(installed, desired, known.digest)
  if (because.length === 0) return NONE
  const differences = isOfRke(installed) ? (known.differences ?? []) : []
  return { action: 'apply', because: [...because, ...differences.map(differsFromRke)] }
}

/** Whether RKE installed it last: its Jobs have no hash. */
function isOfRke({ stored, jobHash }: InstalledAddon): boolean {
  return stored !== undefined && jobHash === undefined
}

function reasons(
  { stored, job, jobHash }: InstalledAddon,
  desired: string,
  digest: string | undefined,
): string[] {
  if (stored === undefined) return [job === 'missing' ? 'not installed' : 'its ConfigMap is missing']
  if (!sameManifest(stored, desired)) {
    const changes = manifestChanges(stored, desired)
    return changes.length === 0 ? ['the text changed'] : changes
  }
  if (job === 'missing') return ['its deploy Job is missing, so nothing says that it was applied']
  if (job === 'unfinished') return ['its last deploy Job did not complete']
  // A run that stopped between storing the text and running the Job leaves the Job of the text before.
  return jobHash === undefined || !speaksOf(jobHash) || jobHash === (digest ?? manifestHash(desired))
    ? []
    : ['the stored manifest was never applied: an earlier run stopped before its Job ran']
}

/** Whether the annotation tells anything: a hash of another version's form does not. */
function speaksOf(jobHash: string): boolean {
  return isComparableHash(jobHash) || jobHash === SUPERSEDED
}
