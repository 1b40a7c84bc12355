import type { ClusterConfig } from '../config/cluster-config.ts'
import type { NetworkLeftovers } from '../config/network-plugins/network-plugin.ts'
import { networkPlugins } from '../config/network-plugins/network-plugins.ts'
import { HELPER, HELPER_CONTAINERS, helperOf, replacedName, SERVICE_CONTAINERS } from '../container-names.ts'
import { prefixPath } from '../desired/node-facts.ts'
import { prefixed } from '../desired/paths.ts'
import {
  KUBERNETES_FOLDER,
  SCRATCH_FOLDER,
  SNAPSHOT_FOLDER,
  SOURCE_FOLDER,
  VERIFY_FOLDER,
} from '../node-paths.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import { isPodContainer } from '../pod-container.ts'
import type { HostClean } from './action/host-clean.ts'
import type { Action } from './action.ts'
import { ids } from './model/ids.ts'
import { makePlan, type Plan } from './model/plan.ts'
import type { Reason } from './model/reason.ts'

export interface RemovalOptions {
  /** Delete the snapshots on the nodes, too. */
  readonly snapshots: boolean
  /** Other images from which the machine may be cleaned, if it has one. */
  readonly images?: readonly string[] | undefined
  /** Leave etcd's data where it is, and what a restore works with. */
  readonly keepsEtcdData?: boolean
  /** Why; because the cluster is removed without it. */
  readonly because?: Reason
}

/** Services, those that were replaced, and helpers. */
const NAMES: ReadonlySet<string> = new Set([
  ...SERVICE_CONTAINERS.flatMap((name) => [name, replacedName(name)]),
  ...HELPER_CONTAINERS,
])

const ETCD_DATA = '/var/lib/etcd'
/** Folders that a cluster makes on a node; the first list lies below the prefix path. */
const PREFIXED = [
  KUBERNETES_FOLDER,
  ETCD_DATA,
  '/var/lib/kubelet',
  '/var/lib/cni',
  '/var/lib/cri-dockerd',
  '/var/log/kube-audit',
]
const ABSOLUTE = [
  '/opt/cni',
  '/run/cri-dockerd.sock',
  '/run/dockershim.sock',
  '/var/lib/rancher/rke/log',
  '/var/log/containers',
  '/var/log/pods',
]
/** What a restore, or a verification, that was not repeated has left: databases, with all that was secret in them. */
const OF_RESTORES = [SCRATCH_FOLDER, SOURCE_FOLDER, VERIFY_FOLDER]
/** What Kubernetes and its addons leave besides folders; network plugins say what theirs leave. */
const LEFTOVERS: NetworkLeftovers = {
  devices: ['cni0', 'kube-ipvs0', 'kube-bridge', 'nodelocaldns'],
  rules: ['KUBE-', 'CNI-', 'cni.*portmap'],
  ipSets: ['KUBE'],
}
/** Emptied of files. The folders stay, as runtimes watch them for new configurations and never look for new folders. */
const WATCHED = ['/etc/cni']
/** Removed only if nothing else is in them. */
const IF_EMPTY = ['/etc/ceph', SNAPSHOT_FOLDER, '/var/lib/rancher/rke', '/var/lib/rancher', '/opt/rke']

/**
 * Takes a cluster off its nodes, all of them at once: on each first the kubelet, so that nothing starts pods
 * again, then the other services, then pods, and what all of them left on the machine. Empty for machines that are clean.
 */
export function planRemoval(
  config: ClusterConfig,
  observed: ReadonlyMap<string, ObservedNode>,
  options: RemovalOptions,
): Plan {
  return makePlan(
    config.nodes.flatMap((node) => {
      const found = observed.get(node.address)
      return found === undefined ? [] : cleanNode(config, found, options)
    }),
  )
}

/** Takes everything of a cluster off one machine: what the plan names, and what else there is by then. */
export function cleanNode(
  config: ClusterConfig,
  observed: ObservedNode,
  options: RemovalOptions,
): readonly Action[] {
  const { address } = observed
  const pods = observed.all.filter(isPodContainer).length
  // What a restore works with stays as long as its data does.
  const removed = [...NAMES].filter((name) => !(options.keepsEtcdData && name === HELPER.fetchedSnapshot))
  const ours = observed.all.flatMap(({ names, image: from }) =>
    names.filter((name) => removed.includes(helperOf(name))).map((name) => ({ name, from })),
  )
  const because: readonly Reason[] = [options.because ?? { kind: 'cluster-is-removed' }]
  const kubelet = ids.leftover(address, 'kubelet')
  const prefix = prefixPath(config.prefixPath, observed.facts)
  const { kubernetes, alpine } = config.systemImages
  // The Kubernetes image has the tools for devices and packet filters; without it no such things were made.
  // A machine that leaves with an upgrade has only the images of the version before.
  const image =
    [kubernetes, alpine, ...(options.images ?? [])].find((candidate) => observed.images.has(candidate)) ??
    ['kubelet', 'kube-proxy', 'service-sidekick', HELPER.cleanHost]
      .flatMap(
        (name) =>
          observed.containers.get(name)?.Config.Image ?? ours.find((one) => one.name === name)?.from ?? [],
      )
      .at(0)
  // The leftover of an interrupted cleaning is its last trace, and is removed with the next one.
  const removals = ours
    .filter(({ name }) => name !== HELPER.cleanHost)
    .map(
      ({ name }): Action => ({
        kind: 'container.remove',
        id: ids.leftover(address, name),
        node: address,
        name,
        because,
        after: name === 'kubelet' ? [] : [kubelet],
      }),
    )
  if (image === undefined && ours.length + pods === 0) return []
  const clean: HostClean = {
    kind: 'host.clean',
    id: ids.clean(address),
    node: address,
    image,
    pods,
    containers: removed.filter((name) => name !== HELPER.cleanHost),
    folders: [
      ...PREFIXED.filter((path) => path !== ETCD_DATA || options.keepsEtcdData !== true).map((path) =>
        prefixed(prefix, path),
      ),
      ...ABSOLUTE,
      ...(options.keepsEtcdData ? [] : OF_RESTORES),
      ...leftovers('folders'),
      ...(options.snapshots ? [SNAPSHOT_FOLDER] : []),
    ],
    watchedFolders: WATCHED,
    emptyFolders: [...new Set([prefixed(prefix, '/etc/ceph'), ...IF_EMPTY])],
    devices: leftovers('devices'),
    packetFilterRules: leftovers('rules'),
    ipSets: leftovers('ipSets'),
    because,
    after: removals.map((removal) => removal.id),
  }
  return [...removals, clean]
}

/** Of all plugins: which ones a machine has had is not known. */
const leftovers = (kind: keyof NetworkLeftovers): readonly string[] => [
  ...new Set(
    [LEFTOVERS, ...networkPlugins.map((plugin) => plugin.leftovers)].flatMap((left) => left[kind] ?? []),
  ),
]
