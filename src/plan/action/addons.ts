import type { AddonSetting } from '../../addons/addon-setting.ts'
import type { KubeObject } from '../../kube/objects/kube-object.ts'
import type { NodeName } from '../../kube/objects/node-name.ts'
import type { Secret } from '../../secret.ts'
import type { Base } from './base.ts'

/** How the Jobs of addons are run. */
export interface AddonJob {
  readonly image: string
  /** Seconds that one may take. */
  readonly timeout: number
  /** Nodes on which one may run, the preferred one first. */
  readonly hosts: readonly NodeName[]
}

/** Stores an addon's manifest and runs the Job that applies it. */
export interface AddonApply extends Base {
  readonly kind: 'addon.apply'
  readonly addon: string
  readonly optional: boolean
  /** Multi-document YAML; a user's own may hold secrets. */
  readonly manifest: Secret<string>
  /** What the stored manifest holds besides is kept. */
  readonly keepsRest: boolean
  /** Objects that must be gone before it is applied, because they cannot be changed in place. */
  readonly deleteBefore: readonly KubeObject[]
  /** Objects that an applied manifest no longer wants. */
  readonly deleteAfter: readonly KubeObject[]
  readonly settings: readonly AddonSetting[]
  readonly job: AddonJob
  /**
   * Hash of the manifest over what the cluster had when the plan was made. No action reads it: it makes the plan another one
   * when the stored manifest changes.
   */
  readonly manifestHash: string
}

/** Runs the Job that deletes what an addon's stored manifest holds. */
export interface AddonRemove extends Base {
  readonly kind: 'addon.remove'
  readonly addon: string
  readonly optional: boolean
  readonly job: AddonJob
}
