/** A step as the engine sees it; a plan's actions are steps. */
export interface Step {
  /** Unique and stable: `node/10.0.0.1/container/etcd`. */
  readonly id: string
  readonly kind: string
  readonly node?: string
  /** Ids of steps that must be done before this one starts. */
  readonly after: readonly string[]
  /** A group of nodes of which only a limited number may be changed at once; see `Windows`. */
  readonly window?: string
  /** Its dependents run even if it fails, and its failure does not fail the run. */
  readonly optional?: boolean
  /** Only waits: stopping the run may cancel it. */
  readonly interruptible?: boolean
}

/**
 * How many nodes of a window may be changed at once. A node takes a place when the first of its steps in the window
 * starts and releases it when the last one is done; if one fails, the place is kept, because the node may be out of
 * service.
 */
export type Windows = Readonly<Record<string, number>>
