import type { ClusterConfig } from '../../config/cluster-config.ts'
import { checkMachines } from '../../plan/decide.ts'
import { appliedConfig, type ClusterView, type MachinesView } from '../../plan/model/cluster-view.ts'
import { apartFromRestored } from '../../plan/snapshots/not-restored.ts'
import { regardUnread } from '../../plan/state/unread-certificates.ts'
import type { ClusterAccess } from '../connect/cluster-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { observeApi, observeMembers, observeNodes } from './observe-parts.ts'
import type { OfflinePreparation } from './prepare-offline.ts'

/**
 * Observes machines, then Kubernetes and etcd through them. Refuses what the machines alone rule out before the others are
 * asked. Nothing is written anywhere.
 * @param given the configuration as it is kept in the state
 */
export async function observeCluster(
  given: ClusterConfig,
  offline: OfflinePreparation,
  access: ClusterAccess,
  { deps, options, emit }: Operation,
): Promise<ClusterView> {
  const signal = endOf(options)
  const { catalog, onlyEncryption } = offline
  const [config, { state, exists: hasState }] = [await offline.config, await offline.session]
  const [leaving, addons, input] = [await offline.leaving, await offline.steps, await offline.input]
  const images = await offline.images
  const found = await observeNodes(access.nodes, (address) => images.get(address) ?? [], deps.clock)
  const { machines, toClean } = apartFromRestored(found, state)
  const view: MachinesView = {
    wanted: { config, catalog },
    known: { state: regardUnread(state, machines), hasState, leaving },
    seen: { machines, toClean, unreachable: access.unreachable },
    options,
  }
  checkMachines(view, emit)
  const names = addons.map(({ name }) => name)
  const kube = await observeApi(config, machines, access.kube, names, emit, signal)
  const etcd = await observeMembers(appliedConfig(view), config, machines, access.etcd, signal)
  // Issued with regard to the clocks of the machines, once these were connected.
  const material = { ...(await offline.material), bundle: access.bundle }
  return {
    ...view,
    wanted: { config, given, catalog, input, material, addons, onlyEncryption },
    seen: { ...view.seen, kube, etcd, unhealthyServers: new Set() },
  }
}
