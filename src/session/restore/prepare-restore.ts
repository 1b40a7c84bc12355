import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withVersion } from '../../config/with-version.ts'
import { checkMachines } from '../../plan/decide.ts'
import { refuseStateless, refuseUnreadable } from '../../plan/snapshots/restore-guards.ts'
import { restoreImage } from '../../plan/snapshots/restore-image.ts'
import { cleaned, type RestoreView } from '../../plan/snapshots/restore-view.ts'
import { nodesWithRole } from '../../role.ts'
import { snapshotName } from '../../snapshots/snapshot-name.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { MemoryStateStore } from '../../state/memory-state-store.ts'
import { accessThrough, type ClusterAccess } from '../connect/cluster-access.ts'
import { machineAccess } from '../connect/machine-access.ts'
import { endOf } from '../end-of-run.ts'
import { observeNodes } from '../prepare/observe-parts.ts'
import { type OfflinePreparation, prepareOffline } from '../prepare/prepare-offline.ts'
import type { Operation } from '../run/redacted-run.ts'
import { chooseVersion } from './choose-version.ts'
import { findSnapshot } from './find-snapshot.ts'
import type { RestoreMachines } from './machines-of-restore.ts'
import { pullMissing } from './pull-missing.ts'
import type { RestoreOptions } from './restore-options.ts'
import { stateOfRestore } from './state-of-snapshot.ts'

/** All that a restore is decided by, and ways to the cluster with the certificates that it will have. */
export interface PreparedRestore {
  readonly view: RestoreView
  readonly access: ClusterAccess
  readonly offline: OfflinePreparation
}

/**
 * Finds, reads and verifies the snapshot, makes what the restored cluster needs, and observes the machines. The image that
 * reads snapshots is pulled where it is missing; nothing else is written anywhere.
 * @param before the local state, from before the restore
 */
export async function prepareRestore(
  given: ClusterConfig,
  before: ClusterState,
  { connected, formerMembers }: RestoreMachines,
  operation: Operation & { readonly options: RestoreOptions },
): Promise<PreparedRestore> {
  const { deps, options, emit } = operation
  const signal = endOf(options)
  const catalog = deps.catalog ?? (await openCatalog())
  const backup = catalog.backupImage(given.systemImages.alpine)
  const nodes = nodesWithRole(given.nodes, 'etcd').flatMap(
    ({ address }) => connected.nodes.get(address) ?? [],
  )
  const login = machineAccess(connected.nodes, {
    bundle: {},
    config: await operation.fill(given),
    ecrLogin: deps.ecrLogin,
  })
  await pullMissing(nodes, backup, login, emit, signal)
  const asked = options.from === undefined ? nodes : nodes.filter(({ address }) => address === options.from)
  const name = snapshotName(options.name)
  const snapshot = await findSnapshot({ name, nodes: asked, image: backup, signal, emit })
  const { state, version } = stateOfRestore(snapshot, before, options.useLocalState ?? false, emit)
  refuseStateless(state, options.certificates !== undefined)
  const versions = { snapshot: version ?? given.kubernetesVersion, config: given.kubernetesVersion }
  const chosen = await chooseVersion(versions, options)
  const config = chosen === versions.config ? given : withVersion(given, chosen, catalog)
  const offline = await prepareOffline(
    config,
    { ...operation, deps: { ...deps, catalog, store: new MemoryStateStore(state) } },
    { renewsExpired: true },
  )
  const filled = await offline.config
  await offline.changes
  const material = await offline.material
  refuseUnreadable(state.desiredState.encryptionConfig ?? '', material.encryptionConfig ?? '')
  const access = accessThrough(connected, filled, [], material.bundle, operation)
  const images = { backup, restore: restoreImage(filled.systemImages, backup) }
  const wantedImages = await offline.images
  const all = [...new Set([...wantedImages.values()].flat()), ...Object.values(images)]
  const machines = await observeNodes(connected.nodes, (address) => [
    ...(wantedImages.get(address) ?? all),
    ...Object.values(images),
  ])
  const ours = new Map(
    filled.nodes.flatMap(({ address }) => {
      const machine = machines.get(address)
      return machine === undefined ? [] : [[address, cleaned(machine)] as const]
    }),
  )
  const seen = { machines: ours, unreachable: access.unreachable }
  const known = { state, hasState: true, leaving: [] }
  const input = await offline.input
  checkMachines({ wanted: { config: filled, catalog }, known, seen, options }, emit)
  return {
    offline,
    access,
    view: {
      snapshot,
      machines,
      formerMembers: new Set([
        ...formerMembers,
        ...[...machines.values()]
          .filter(({ containers }) => containers.has('etcd'))
          .map(({ address }) => address),
      ]),
      images,
      target: {
        wanted: { config: filled, given: config, catalog, input, material, addons: await offline.steps },
        known,
        seen: { ...seen, etcd: undefined, kube: undefined, unhealthyServers: new Set() },
        options,
      },
    },
  }
}
