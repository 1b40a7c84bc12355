/** What the engine knows of a thing to do; a plan's actions are such steps. */
export interface Step {
  /** Unique and stable: `node/10.0.0.1/container/etcd`. */
  readonly id: string
  readonly kind: string
  readonly node?: string
  /** Ids of steps that must be done before this one starts. */
  readonly after: readonly string[]
  /** A group of nodes of which only so many may be worked on at once; see `Windows`. */
  readonly window?: string
  /** What comes after it is done also where it fails, and its failure is no failure of the run. */
  readonly optional?: boolean
  /** Only waits: cancelling the run may end it at once. */
  readonly interruptible?: boolean
}

/**
 * How many nodes of a window may be worked on at once. A node takes a place when the first of its steps in
 * the window starts and gives it back when the last one is done; if one fails, the place is not given back,
 * because the node may be out of service.
 */
export type Windows = Readonly<Record<string, number>>
