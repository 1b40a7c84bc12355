import type { Catalog } from '../catalog/catalog.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Emit } from '../engine/events.ts'
import { ConnectionError, PlanRefusedError, StateError } from '../errors.ts'
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
export function refuseUnsupportedChanges(applied: ClusterConfig | undefined, wanted: ClusterConfig): void {
  if (applied === undefined) return
  const before = new Map(applied.nodes.map((node) => [node.address, node]))
  const after = new Map(wanted.nodes.map((node) => [node.address, node]))
  const removed = applied.nodes.filter(({ address }) => !after.has(address)).map(({ address }) => address)
  const reasons = [
    ...(removed.length > 0 ? [`remove ${removed.join(', ')}`] : []),
    ...wanted.nodes.flatMap((node) => {
      const old = before.get(node.address)
      if (old === undefined) {
        const roles = node.role.filter((role) => role !== 'worker')
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
