import type { DesiredNode } from '../../desired/desired-node.ts'
import type { NodePlan } from './plan-node.ts'

/** The services of one node that a cluster in use sees change. */
export interface NodeWork {
  readonly desired: DesiredNode
  readonly plan: NodePlan
  /** The node has served before: others rely on it. */
  readonly serves: boolean
}
