import type { ContainerSpec } from '../../desired/container-spec.ts'
import type { Base, OnNode } from './base.ts'
import type { OnEtcdData } from './snapshots.ts'

/** Stops a container; it stays, with its restart policy. */
export interface ContainerStop extends OnNode {
  readonly kind: 'container.stop'
  readonly name: string
}

/** What is done with the data of a member around a recovery without a quorum, inside its data directory. */
export interface EtcdRecoverData extends OnEtcdData {
  readonly kind:
    | 'etcd.recover.copy'
    /** Moves the data of a member that does not survive; what an interrupted run has moved stays. */
    | 'etcd.recover.set-aside'
    /** Says that the recovery is finished, and keeps what was copied or moved. */
    | 'etcd.recover.keep'
    /** Deletes what finished recoveries have kept. */
    | 'etcd.recover.discard'
}

/** Runs a member alone once, with its own image and arguments and `--force-new-cluster`, so that it drops all others. */
export interface EtcdForceNewCluster extends OnNode {
  readonly kind: 'etcd.force-new-cluster'
  readonly container: ContainerSpec
}

/** Waits until the Kubernetes API serves. */
export interface ApiServes extends Base {
  readonly kind: 'api.serves'
  readonly interruptible: true
}
