import { isComparableHash, manifestChanges, manifestHash, sameManifest } from './compare.ts'
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

const NONE: AddonDecision = { action: 'none', because: [] }

/**
 * What to do so that the cluster holds the manifest; `undefined` stands for an addon that is switched off.
 * A manifest that means the same as the stored one is not applied again, nor is a user's: a second run over
 * an unchanged cluster changes nothing. `digest` is the manifest's hash, for who has it: a large one takes time to read.
 */
export function addonDecision(
  installed: InstalledAddon,
  desired: string | undefined,
  digest?: string,
): AddonDecision {
  if (desired === undefined) {
    return installed.job === 'missing' ? NONE : { action: 'delete', because: ['switched off'] }
  }
  const because = reasons(installed, desired, digest)
  return because.length === 0 ? NONE : { action: 'apply', because }
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
