import type { NodeName } from '../../kube/objects/node-name.ts'
import type { OnNode } from './base.ts'

/** Cordons a node: while its components are changed, or, together with a barrier for all pods, before it leaves. */
export interface NodeCordon extends OnNode, NodeName {
  readonly kind: 'node.cordon'
  /** Image of a pod that keeps off also those that a cordon does not keep off; where the node leaves. */
  readonly barrierImage?: string
}

/** Uncordons a node that this program cordoned. */
export interface NodeUncordon extends OnNode, NodeName {
  readonly kind: 'node.uncordon'
}

/** Moves pods off a node. */
interface MovesPods extends OnNode, NodeName {
  readonly options: DrainSettings
  /** Not once Kubernetes calls the node not Ready: its machine cannot be reached, and pods of one that is down never end. */
  readonly whileReady?: boolean
}

/** Moves servers of the cluster's DNS off a node that gets no new pods, so that one is Ready all the time. */
export interface DnsMove extends MovesPods {
  readonly kind: 'dns.move'
}

export interface NodeDrain extends MovesPods {
  readonly kind: 'node.drain'
  /** It is over only when the addons that ran there are Ready elsewhere. */
  readonly leaves: boolean
}

/** `upgrade_strategy.node_drain_input`, and whom a drain waits for. */
export interface DrainSettings {
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  readonly deleteLocalData: boolean
  /** Seconds; negative: the pod's own. */
  readonly gracePeriod: number
  /** Seconds for the whole node. */
  readonly timeout: number
  readonly watchLag: WatchLagNodes
}

/** Nodes on which clients of API servers may have to catch up before pods are evicted, by address. */
export interface WatchLagNodes {
  /** With an API server. */
  readonly servers: readonly string[]
  readonly others: readonly { readonly address: string; readonly etcd: boolean }[]
  /** There is and was one API server: its clients cannot go to another one. */
  readonly singleServer: boolean
}
