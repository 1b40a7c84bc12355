import type { OnNode } from './base.ts'

/** Labels, annotations and taints of a Node; waits until the kubelet has registered it. */
export interface NodeRegister extends OnNode {
  readonly kind: 'node.register'
  readonly hostname: string
  /** Worker components are deployed in this run, so that taints of the roles are set again. */
  readonly deployed: boolean
}

export interface NodeReady extends OnNode {
  readonly kind: 'node.ready'
  readonly hostname: string
  readonly interruptible: true
}

/** Deletes a Node with the pods that are still on it. */
export interface NodeDelete extends OnNode {
  readonly kind: 'node.delete'
  readonly hostname: string
}

/** Has the API server of a node open a connection to a kubelet, so that it takes up its new certificate. */
export interface KubeletsReconnect extends OnNode {
  readonly kind: 'kubelets.reconnect'
  readonly interruptible: true
}
