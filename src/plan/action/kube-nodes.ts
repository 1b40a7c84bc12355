import type { NodeWish } from '../../kube/objects/desired-node-patch.ts'
import type { NodeName } from '../../kube/objects/node-name.ts'
import type { Base, OnNode } from './base.ts'

/** Labels, annotations and taints of a Node; waits until the kubelet has registered it. */
export interface NodeRegister extends OnNode, NodeName {
  readonly kind: 'node.register'
  readonly wish: NodeWish
  /** What the configuration applied last gave it; absent for a new node. */
  readonly previous?: Pick<NodeWish, 'labels' | 'taints'>
  /** Worker components are deployed in this run, so that taints of the roles are set again. */
  readonly deployed: boolean
}

export interface NodeReady extends OnNode, NodeName {
  readonly kind: 'node.ready'
  readonly interruptible: true
}

/** Deletes a Node with the pods that are still on it. */
export interface NodeDelete extends OnNode, NodeName {
  readonly kind: 'node.delete'
}

/** Has the API server of a node open a connection to a kubelet, so that it takes up its new certificate. */
export interface KubeletsReconnect extends OnNode, NodeName {
  readonly kind: 'kubelets.reconnect'
  readonly interruptible: true
}

/** Deletes Nodes of the cluster, or of none that runs, that are none of these, with the pods that are still on them. */
export interface NodesPrune extends Base {
  readonly kind: 'nodes.prune'
  readonly keep: readonly NodeName[]
}

/** Waits until the pods of the network plugin, of DNS and of the other add-ons run anew and are Ready. */
export interface SystemPodsReady extends Base {
  readonly kind: 'system-pods.ready'
  /** Nodes on which they may run. */
  readonly nodes: readonly (NodeName & { readonly address: string })[]
  readonly interruptible: true
  readonly optional: true
}
