import { ADDON_NAMES } from '../addons/addon-names.ts'
import { networkPluginOf } from '../addons/network-plugin.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { hasRole } from '../desired/service-context.ts'
import type { Emit } from '../engine/events.ts'
import { ConnectionError, PlanRefusedError, StateError } from '../errors.ts'
import type { ObservedKube } from '../observe/observed-kube.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import type { HalfState } from '../state/cluster-state.ts'

/**
 * Without a state there are no keys of the cluster, and new ones would cut its nodes off from each other: so
 * a node that carries a cluster of ours stops the run.
 */
export function refuseNewAuthority(hasState: boolean, observed: ReadonlyMap<string, ObservedNode>): void {
  if (hasState) return
  const carriers = [...observed.values()].filter(carriesCluster).map(({ address }) => address)
  if (carriers.length === 0) return
  throw new StateError(`there is no state file, but a cluster runs on ${carriers.join(', ')}`, {
    step: 'load the state',
    hint:
      'a new state would come with a new CA and cut the cluster off: put cluster.rkestate beside cluster.yml, ' +
      'or get it back from the Secret kube-system/full-cluster-state or from the archive of an etcd snapshot ' +
      'in /opt/rke/etcd-snapshots; to give the cluster up instead, run "rke remove" first',
  })
}

function carriesCluster({ containers, files }: ObservedNode): boolean {
  return containers.size > 0 || [...(files?.keys() ?? [])].some((path) => path.endsWith('/kube-ca.pem'))
}

/** Changes of a living cluster that would need moves of etcd members or the cleaning of nodes. */
export function refuseUnsupportedChanges(
  applied: ClusterConfig | undefined,
  wanted: ClusterConfig,
  observed: ReadonlyMap<string, ObservedNode>,
): void {
  if (applied === undefined) return
  const before = new Map(applied.nodes.map((node) => [node.address, node]))
  const after = new Map(wanted.nodes.map((node) => [node.address, node]))
  const removed = applied.nodes.filter(({ address }) => !after.has(address)).map(({ address }) => address)
  const reasons = [
    ...(removed.length > 0 ? [`remove ${removed.join(', ')}`] : []),
    ...wanted.nodes.flatMap((node) => {
      const old = before.get(node.address)
      if (old === undefined) {
        // A node that was skipped in an earlier run is not new: it carries its services.
        const carries = (service: string): boolean =>
          observed.get(node.address)?.containers.has(service) === true
        const roles = node.role.filter(
          (role) =>
            (role === 'etcd' && !carries('etcd')) || (role === 'controlplane' && !carries('kube-apiserver')),
        )
        return roles.length > 0 ? [`add ${node.address} as ${roles.join(', ')}`] : []
      }
      const same = [...old.role].sort().join() === [...node.role].sort().join()
      return same
        ? []
        : [`change the roles of ${node.address} from ${old.role.join(', ')} to ${node.role.join(', ')}`]
    }),
    ...(applied.kubernetesVersion === wanted.kubernetesVersion
      ? []
      : [`change Kubernetes ${applied.kubernetesVersion} to ${wanted.kubernetesVersion}`]),
  ]
  if (reasons.length === 0) return
  throw new PlanRefusedError(`this version cannot yet ${reasons.join('; ')} in a cluster that runs`, {
    step: 'plan',
    hint: 'nothing was changed; so far workers can be added and every option of a running cluster repaired',
  })
}

/**
 * Nodes may be left out only if the cluster can do without them meanwhile: a new one needs all its etcd members
 * and control plane nodes, a living one its quorum and one control plane node.
 */
export function refuseSkipping(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  skipped: readonly string[],
): void {
  if (skipped.length === 0) return
  const reachable = ({ address }: { readonly address: string }): boolean => !skipped.includes(address)
  const members = config.nodes.filter((node) => hasRole(node, 'etcd'))
  const masters = config.nodes.filter((node) => hasRole(node, 'controlplane'))
  const up = members.filter(reachable).length
  const quorum = applied === undefined ? members.length : Math.floor(members.length / 2) + 1
  const lost =
    up < quorum
      ? `${up} of ${members.length} etcd nodes can be reached, ${quorum} are needed`
      : masters.filter(reachable).length <
          (applied === undefined ? masters.length : Math.min(1, masters.length))
        ? `${masters.filter(reachable).length} of ${masters.length} control plane nodes can be reached`
        : undefined
  if (lost === undefined) return
  throw new PlanRefusedError(`cannot go on without ${skipped.join(', ')}: ${lost}`, {
    step: 'plan',
    hint: 'nothing was changed; bring the hosts back, then run the same command again',
  })
}

/** Two network plugins fight over the nodes, and the objects of the first stay when another is applied. */
export function refusePluginChange(config: ClusterConfig, kube: ObservedKube | undefined): void {
  const stored = kube?.addons.get(ADDON_NAMES.network)?.stored
  const installed = stored === undefined ? undefined : networkPluginOf(stored)
  const { plugin } = config.network
  if (installed === undefined || plugin === 'none' || installed === plugin) return
  throw new PlanRefusedError(`network.plugin says ${plugin}, but ${installed} is installed in the cluster`, {
    step: 'plan',
    hint: `nothing was changed; put network.plugin back to ${installed}, or build a new cluster with ${plugin}`,
  })
}

/** Switching the encryption of Secrets in a living cluster means rewriting all of them, one API server after the other. */
export function refuseEncryptionChange(current: HalfState, wanted: string | undefined): void {
  if (current.rkeConfig === undefined || (current.encryptionConfig ?? '') === (wanted ?? '')) return
  throw new PlanRefusedError(
    'this version cannot yet change secrets_encryption_config of a cluster that runs',
    {
      step: 'plan',
      hint: 'nothing was changed; put services.kube-api.secrets_encryption_config back to what it was',
    },
  )
}

/** Docker releases that the Kubernetes version was never run with: newer ones draw a warning, others an error. */
export function checkDockerVersions(
  config: ClusterConfig,
  catalog: Catalog,
  observed: ReadonlyMap<string, ObservedNode>,
  emit: Emit,
): void {
  for (const { address, dockerVersion } of observed.values()) {
    if (catalog.acceptsDocker(config.kubernetesVersion, dockerVersion)) continue
    const lines = catalog.dockerVersions(config.kubernetesVersion)
    const text = `Unsupported Docker version found [${dockerVersion}] on host [${address}], supported versions are ${lines.join(', ')}`
    if (isNewer(dockerVersion, lines)) {
      emit({ type: 'notice', level: 'warning', area: 'dialer', text, node: address })
      continue
    }
    throw new ConnectionError('docker-too-old', text, {
      host: address,
      step: 'check the Docker version',
      hint: 'upgrade Docker on the node, or go on with --ignore-docker-version',
    })
  }
}

function isNewer(version: string, lines: readonly string[]): boolean {
  const number = (text: string): number => {
    const [major = 0, minor = 0] = text.split('.').map(Number)
    return major * 1000 + minor
  }
  return lines.length > 0 && lines.every((line) => number(version) > number(line))
}
