import type { ClusterConfig } from '../../config/cluster-config.ts'
import { ordinaryLinux, prefixPath } from '../../desired/node-facts.ts'
import { prefixed } from '../../desired/paths.ts'
import { usesSelinuxType } from '../../desired/selinux.ts'
import { etcdDataDirectory } from '../../desired/services/etcd.ts'
import { KUBERNETES_FOLDER } from '../../node-paths.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type { OnEtcdData } from '../action/snapshots.ts'

/** Where a machine keeps etcd's data, and how a helper container gets at it. */
export function onEtcdData(
  config: ClusterConfig,
  machine: Pick<ObservedNode, 'address' | 'facts'>,
  image: string,
): Pick<OnEtcdData, 'node' | 'image' | 'directory' | 'selinux'> & { readonly kubernetesFolder: string } {
  const { address, facts = ordinaryLinux } = machine
  const prefix = prefixPath(config.prefixPath, facts)
  return {
    node: address,
    image,
    directory: etcdDataDirectory(prefix),
    selinux: usesSelinuxType(config.kubernetesVersion, facts),
    kubernetesFolder: prefixed(prefix, KUBERNETES_FOLDER),
  }
}
