import type { ClusterNode } from '../config/cluster-config.ts'
import { hasRecurringSnapshots, type SnapshotsReason } from '../config/recurring-snapshots.ts'
import { hasRole } from '../role.ts'
import type { ContainerSpec, FileSpec } from './container-spec.ts'
import { type NodeFacts, prefixPath } from './node-facts.ts'
import { withSelinux } from './selinux.ts'
import type { DesiredInput, ServiceContext } from './service-context.ts'
import { type ClusterToJoin, etcd } from './services/etcd.ts'
import { etcdRollingSnapshots } from './services/etcd-rolling-snapshots.ts'
import { kubeApiserver } from './services/kube-apiserver.ts'
import { kubeControllerManager } from './services/kube-controller-manager.ts'
import { kubeProxy } from './services/kube-proxy.ts'
import { kubeScheduler } from './services/kube-scheduler.ts'
import { kubelet } from './services/kubelet.ts'
import { nginxProxy } from './services/nginx-proxy.ts'
import { serviceSidekick } from './services/service-sidekick.ts'

export type { DesiredInput } from './service-context.ts'

/** What one node should hold. */
export interface DesiredNode {
  readonly node: ClusterNode
  readonly prefix: string
  readonly containers: readonly ContainerSpec[]
  /** Rewritten whenever their content differs. */
  readonly files: readonly FileSpec[]
  /**
   * Written when they are missing or damaged. Whole ones that are older than the state's are left alone
   * unless `force` is set, because components that run with them would have to be restarted.
   */
  readonly certificates: readonly FileSpec[]
  /** Image of the helper containers. */
  readonly helperImage: string
  /** All images the node's containers need, the pods' pause image among them. */
  readonly images: readonly string[]
  /** Why a container that RKE runs on such a node is not wanted, by its name. */
  readonly unwanted: ReadonlyMap<string, SnapshotsReason>
}

/** The containers of one node, in the order in which a new node starts them. */
export function nodeContainers(
  input: DesiredInput,
  node: ClusterNode,
  facts: NodeFacts,
  joining?: ClusterToJoin,
): readonly ContainerSpec[] {
  const context: ServiceContext = {
    ...input,
    node,
    facts,
    prefix: prefixPath(input.config.prefixPath, facts),
  }
  const ownEtcd = hasRole(node, 'etcd') && input.config.services.etcd.externalUrls.length === 0
  const controlPlane = hasRole(node, 'controlplane')
  return [
    ...(ownEtcd ? [etcd(context, joining)] : []),
    ...(ownEtcd && hasRecurringSnapshots(input.config) ? [etcdRollingSnapshots(context)] : []),
    serviceSidekick(context),
    ...(controlPlane
      ? [kubeApiserver(context), kubeControllerManager(context), kubeScheduler(context)]
      : [nginxProxy(context)]),
    kubelet(context),
    kubeProxy(context),
  ].map((spec) => withSelinux(spec, facts, input.config.kubernetesVersion))
}
