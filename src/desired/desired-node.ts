import type { ServiceOptions } from '../catalog/catalog.ts'
import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import type { ContainerSpec } from './container-spec.ts'
import { fileChecksums } from './files/node-files.ts'
import { type NodeFacts, prefixPath } from './node-facts.ts'
import { withSelinux } from './selinux.ts'
import { hasRole, type ServiceContext } from './service-context.ts'
import { etcd, type Joining } from './services/etcd.ts'
import { etcdRollingSnapshots } from './services/etcd-rolling-snapshots.ts'
import { kubeApiserver } from './services/kube-apiserver.ts'
import { kubeControllerManager } from './services/kube-controller-manager.ts'
import { kubeProxy } from './services/kube-proxy.ts'
import { kubeScheduler } from './services/kube-scheduler.ts'
import { kubelet } from './services/kubelet.ts'
import { nginxProxy } from './services/nginx-proxy.ts'
import { serviceSidekick } from './services/service-sidekick.ts'

/** What is the same for every node of a cluster. */
export interface DesiredInput {
  readonly config: ClusterConfig
  readonly options: ServiceOptions
  readonly backupImage: string
  readonly encrypted: boolean
}

/** The containers of one node, in the order in which a new node starts them. */
export function nodeContainers(
  input: DesiredInput,
  node: ClusterNode,
  facts: NodeFacts,
  joining?: Joining,
): readonly ContainerSpec[] {
  const context: ServiceContext = {
    ...input,
    node,
    facts,
    prefix: prefixPath(input.config.prefixPath, facts),
    checksums: fileChecksums(input.config),
  }
  const { externalUrls, snapshot } = input.config.services.etcd
  const ownEtcd = hasRole(node, 'etcd') && (externalUrls ?? []).length === 0
  const controlPlane = hasRole(node, 'controlplane')
  return [
    ...(ownEtcd ? [etcd(context, joining)] : []),
    ...(ownEtcd && snapshot ? [etcdRollingSnapshots(context)] : []),
    serviceSidekick(context),
    ...(controlPlane
      ? [kubeApiserver(context), kubeControllerManager(context), kubeScheduler(context)]
      : [nginxProxy(context)]),
    kubelet(context),
    kubeProxy(context),
  ].map((spec) => withSelinux(spec, facts.selinux))
}
