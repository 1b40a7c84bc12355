import type { KubeNode } from '../kube/objects/kube-object.ts'
import type { Secret } from '../secret.ts'
import type { RemovedUse } from './observe-removed.ts'

/** What the cluster stores about one add-on. */
export interface ObservedAddon {
  /** The last stored manifest. */
  readonly stored?: string
  readonly job: 'missing' | 'complete' | 'unfinished'
  readonly jobAnnotations: Readonly<Record<string, string>>
}

/** The observed state of Kubernetes, read once per run. */
export interface ObservedKube {
  /** Such as `v1.30.4`. */
  readonly version: string
  readonly nodes: readonly KubeNode[]
  /** Authorization objects that are missing or differ, as `Kind name`. */
  readonly authorization: readonly string[]
  /** The state's copy in the cluster, as stored; `undefined` if there is none. */
  readonly stateCopy: Secret<string> | undefined
  readonly addons: ReadonlyMap<string, ObservedAddon>
  /** Objects written with API versions that the wanted Kubernetes no longer serves. */
  readonly removed?: readonly RemovedUse[]
}
