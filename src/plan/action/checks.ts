import type { Base, OnNode } from './base.ts'

/** Asks from each source whether the target's port can be reached; nothing is started for it. */
export interface PortsCheck extends Base {
  readonly kind: 'ports.check'
  readonly routes: readonly Route[]
  /** Ports of nodes on which nothing of ours runs yet: nobody else may listen there. */
  readonly free: readonly Route[]
}

export interface Route {
  /** Address of the node that dials. */
  readonly from: string
  /** Address as that node sees it. */
  readonly host: string
  readonly port: number
}

/** Proves that Docker accepts the SELinux type of our containers. */
export interface SelinuxCheck extends OnNode {
  readonly kind: 'selinux.check'
  readonly image: string
}
