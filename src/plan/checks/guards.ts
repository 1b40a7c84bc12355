import { ADDON_NAMES } from '../../addons/addon-names.ts'
import { installedNetworkPlugin } from '../../addons/installed-network-plugin.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'
import { ConnectionError, PlanRefusedError, StateError } from '../../errors.ts'
import { quorumOf } from '../../etcd/members/quorum.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { nodesWithRole } from '../../role.ts'
import type { HalfState } from '../../state/cluster-state.ts'
import { refuseNewEtcdPlane } from '../etcd/member-guards.ts'
import { sameRequest } from '../state/shipped-bundle.ts'

/**
 * Without a state there are no keys of the cluster, and nodes with new keys could not talk to the others: so the run is
 * refused if a node runs a cluster of this program.
 */
export function refuseNewAuthority(hasState: boolean, observed: ReadonlyMap<string, ObservedNode>): void {
  if (hasState) return
  const carriers = [...observed.values()]
    .filter(carriesCluster)
    .map(({ address }) => address)
    .sort()
  if (carriers.length === 0) return
  throw new StateError(`there is no state file, but a cluster runs on ${carriers.join(', ')}`, {
    step: 'load the state',
    hint:
      'a new state would have a new CA, which the running nodes do not trust: put cluster.rkestate beside cluster.yml, ' +
      'or get it back from the cluster with "rke util get-state-file"; to give the cluster up instead, run ' +
      '"rke remove" first',
  })
}

function carriesCluster({ containers, files }: ObservedNode): boolean {
  return containers.size > 0 || [...(files?.keys() ?? [])].some((path) => path.endsWith('/kube-ca.pem'))
}

/** Changes after which a cluster could not go on, whatever the order. */
export function refuseDangerousChanges(applied: ClusterConfig | undefined, wanted: ClusterConfig): void {
  if (applied === undefined) return
  refuseNewEtcdPlane(applied, wanted)
  refuseVersionJump(applied.kubernetesVersion, wanted.kubernetesVersion)
}

/** Kubernetes supports an API server one minor version newer than the one before, and never an older one. */
function refuseVersionJump(before: string, after: string): void {
  const minor = (version: string): number => Number(/^v?1\.(\d+)/.exec(version)?.[1])
  const [from, to] = [minor(before), minor(after)]
  if (Number.isNaN(from) || Number.isNaN(to) || to === from || to === from + 1) return
  const what =
    to < from
      ? `Kubernetes ${after} is older than ${before}, which the cluster runs`
      : `Kubernetes ${after} is more than one minor version above ${before}, which the cluster runs`
  const hint =
    to < from
      ? `put kubernetes_version back to ${before}; the way to an older version is a snapshot that was taken with it`
      : `go to a version of 1.${from + 1} first, then on from there`
  throw new PlanRefusedError(what, {
    step: 'plan',
    untouched: true,
    hint,
    key: ['kubernetesVersion'],
  })
}

/**
 * Nodes may be left out only if the cluster can do without them meanwhile: a new one needs all its etcd members
 * and control plane nodes, an existing one its quorum and one control plane node.
 */
export function refuseSkipping(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  skipped: readonly string[],
): void {
  if (skipped.length === 0) return
  const reachable = ({ address }: { readonly address: string }): boolean => !skipped.includes(address)
  const members = nodesWithRole(config.nodes, 'etcd')
  const controlPlane = nodesWithRole(config.nodes, 'controlplane')
  const up = members.filter(reachable).length
  const quorum = applied === undefined ? members.length : quorumOf(members.length)
  const lost =
    up < quorum
      ? `${up} of ${members.length} etcd nodes can be reached, ${quorum} are needed`
      : controlPlane.filter(reachable).length <
          (applied === undefined ? controlPlane.length : Math.min(1, controlPlane.length))
        ? `${controlPlane.filter(reachable).length} of ${controlPlane.length} control plane nodes can be reached`
        : undefined
  if (lost === undefined) return
  throw new PlanRefusedError(`cannot go on without ${skipped.join(', ')}: ${lost}`, {
    step: 'plan',
    untouched: true,
    hint: 'bring the hosts back, then run the same command again',
  })
}

/**
 * Two network plugins fight over the nodes, and the objects of the first stay when another is applied. Where the
 * manifest in the cluster says nothing, or the API cannot be asked, the configuration applied last counts.
 */
export function refusePluginChange(
  config: ClusterConfig,
  kube: ObservedKube | undefined,
  applied: ClusterConfig | undefined,
): void {
  const stored = kube?.addons.get(ADDON_NAMES.network)?.stored
  const isUnknown = kube === undefined || stored !== undefined
  const found = stored === undefined ? undefined : installedNetworkPlugin(stored)
  const installed = found ?? (isUnknown ? applied?.network.plugin : undefined) ?? 'none'
  const { plugin } = config.network
  if (installed === 'none' || plugin === 'none' || installed === plugin) return
  throw new PlanRefusedError(`network.plugin says ${plugin}, but ${installed} is installed in the cluster`, {
    step: 'plan',
    untouched: true,
    hint: `put network.plugin back to ${installed}, or build a new cluster with ${plugin}`,
  })
}

/** A key of cluster.yml that asks for a rotation of another kind than `up` does. Passing over it would say that it is done. */
export function refuseRotations(config: ClusterConfig, current: HalfState): void {
  const { rotateCertificates: asked } = config
  if (current.rkeConfig === undefined || !asked?.caCertificates) return
  if (sameRequest(asked, current.rkeConfig.rotateCertificates)) return
  throw new PlanRefusedError('cluster.yml asks for new authorities (rotate_certificates.cacertificates)', {
    step: 'plan',
    untouched: true,
    hint: 'take rotate_certificates out of cluster.yml, and replace them in stages with "rke cert rotate --rotate-ca"',
    key: ['rotateCertificates', 'caCertificates'],
  })
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
