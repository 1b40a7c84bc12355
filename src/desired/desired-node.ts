import type { ClusterNode } from '../config/cluster-config.ts'
import { hasRecurringSnapshots } from '../config/recurring-snapshots.ts'
import { hasRole } from '../role.ts'
import type { ContainerSpec } from './container-spec.ts'
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
  ].map((spec) => withSelinux(spec, facts.selinux))
}
