import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withVersion } from '../../config/with-version.ts'
import { refuseStateless, refuseUnreadable } from '../../plan/snapshots/restore-guards.ts'
import { restoreImage } from '../../plan/snapshots/restore-image.ts'
import type { RestoreView } from '../../plan/snapshots/restore-view.ts'
import { nodesWithRole } from '../../role.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { machineAccess } from '../connect/machine-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { chooseVersion } from './choose-version.ts'
import type { RestoreMachines } from './machines-of-restore.ts'
import { type PreparedAgain, prepareAgain } from './prepare-again.ts'
import { pullMissing } from './pull-missing.ts'
import { readSource } from './read-source.ts'
import type { RestoreOptions } from './restore-options.ts'
import { stateOfRestore } from './state-of-snapshot.ts'

/** All that a restore is decided by, and ways to the cluster with the certificates that it will have. */
export interface PreparedRestore extends Pick<PreparedAgain, 'access' | 'offline'> {
  readonly view: RestoreView
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
  const { deps, options, emit, fill } = operation
  const catalog = deps.catalog ?? (await openCatalog())
  const filled = await fill(given)
  const backup = catalog.backupImage(given.systemImages.alpine)
  const nodes = nodesWithRole(given.nodes, 'etcd').flatMap(
    ({ address }) => connected.nodes.get(address) ?? [],
  )
  const { ecrLogin } = deps
  const login = machineAccess(connected.nodes, { bundle: {}, config: filled, ecrLogin })
  await pullMissing(nodes, backup, login, emit, endOf(options))
  const { snapshot, withBucket } = await readSource({ config: filled, nodes, image: backup }, operation)
  const { state, version } = stateOfRestore(snapshot, before, options.useLocalState ?? false, emit)
  refuseStateless(state, options.certificates !== undefined)
  const versions = { snapshot: version ?? given.kubernetesVersion, config: given.kubernetesVersion }
  const chosen = await chooseVersion(versions, options)
  const config = chosen === versions.config ? given : withVersion(given, chosen, catalog)
  const images = { backup, restore: restoreImage(config.systemImages, backup) }
  const again = await prepareAgain(
    config,
    connected,
    { state, images: Object.values(images), renewsExpired: true },
    { ...operation, deps: { ...deps, catalog } },
  )
  const { target, machines } = again
  refuseUnreadable(state.desiredState.encryptionConfig ?? '', target.wanted.material.encryptionConfig ?? '')
  const members = [...machines.values()].filter(({ containers }) => containers.has('etcd'))
  return {
    ...again,
    view: {
      snapshot,
      withBucket,
      target,
      machines,
      images,
      formerMembers: new Set([...formerMembers, ...members.map(({ address }) => address)]),
    },
  }
}
