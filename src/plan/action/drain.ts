import type { OnNode } from './base.ts'

/** Keeps new pods off a node: as a cordon does while its components are changed, or all of them before it leaves. */
export interface NodeCordon extends OnNode {
  readonly kind: 'node.cordon'
  readonly hostname: string
  /** Pods that a cordon does not keep off are kept off, too, as nothing that comes now could stay. */
  readonly leaves: boolean
}

/** Lets pods onto a node again that this program, not somebody else, has cordoned. */
export interface NodeUncordon extends OnNode {
  readonly kind: 'node.uncordon'
  readonly hostname: string
}

/** Moves servers of the cluster's DNS off a node that gets no new pods, so that one is Ready all the time. */
export interface DnsMove extends OnNode {
  readonly kind: 'dns.move'
  readonly hostname: string
  readonly options: DrainSettings
}

export interface NodeDrain extends OnNode {
  readonly kind: 'node.drain'
  readonly hostname: string
  readonly options: DrainSettings
  /** It is over only when the addons that ran there are Ready elsewhere. */
  readonly leaves: boolean
}

/** `upgrade_strategy.node_drain_input`. */
export interface DrainSettings {
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  readonly deleteLocalData: boolean
  /** Seconds; negative: the pod's own. */
  readonly gracePeriod: number
  /** Seconds for the whole node. */
  readonly timeout: number
}
