import {
  isComparableHash,
  type ManifestReason,
  manifestChanges,
  manifestHash,
  sameManifest,
} from './compare/compare.ts'
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

/** Why an addon is applied or removed. `what` of a difference from RKE is a text for people. */
export type AddonReason =
  | ManifestReason
  | {
      readonly kind:
        | 'switched-off'
        | 'not-installed'
        | 'config-map-missing'
        | 'deploy-job-missing'
        | 'deploy-job-unfinished'
        | 'never-applied'
    }
  | { readonly kind: 'differs-from-rke'; readonly what: string }

export interface AddonDecision {
  /**
   * `apply`: store the manifest, run the deploy Job anew and wait for it. `delete`: run the delete Job, then
   * delete both Jobs. `none`: touch nothing.
   */
  readonly action: 'none' | 'apply' | 'delete'
  /** The reasons, for the plan; empty for `none`. */
  readonly because: readonly AddonReason[]
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
    return installed.job === 'missing' ? NONE : { action: 'delete', because: [{ kind: 'switched-off' }] }
  }
  const because = reasons(installed, desired, known.digest)
  if (because.length === 0) return NONE
  const differences = isOfRke(installed) ? (known.differences ?? []) : []
  const deliberate = differences.map((what) => ({ kind: 'differs-from-rke', what }) as const)
  return { action: 'apply', because: [...because, ...deliberate] }
}

/** Whether RKE installed it last: its Jobs have no hash. */
function isOfRke({ stored, jobHash }: InstalledAddon): boolean {
  return stored !== undefined && jobHash === undefined
}

function reasons(
  { stored, job, jobHash }: InstalledAddon,
  desired: string,
  digest: string | undefined,
): readonly AddonReason[] {
  if (stored === undefined) return [{ kind: job === 'missing' ? 'not-installed' : 'config-map-missing' }]
  if (!sameManifest(stored, desired)) {
    const changes = manifestChanges(stored, desired)
    return changes.length === 0 ? [{ kind: 'manifest-text-changed' }] : changes
  }
  if (job === 'missing') return [{ kind: 'deploy-job-missing' }]
  if (job === 'unfinished') return [{ kind: 'deploy-job-unfinished' }]
  // A run that stopped between storing the text and running the Job leaves the Job of the text before.
  return jobHash === undefined || !speaksOf(jobHash) || jobHash === (digest ?? manifestHash(desired))
    ? []
    : [{ kind: 'never-applied' }]
}

/** Whether the annotation is usable: a hash of another version's form is not. */
function speaksOf(jobHash: string): boolean {
  return isComparableHash(jobHash) || jobHash === SUPERSEDED
}
