import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { withVersion } from '../../config/with-version.ts'
import {
  refuseFullDisks,
  refuseNothingReached,
  refuseStateless,
  refuseUnreadable,
} from '../../plan/snapshots/restore-guards.ts'
import { restoreImage } from '../../plan/snapshots/restore-image.ts'
import type { RestoreView } from '../../plan/snapshots/restore-view.ts'
import { nodesWithRole } from '../../role.ts'
import type { ClusterState, Restoring } from '../../state/cluster-state.ts'
import { machineAccess } from '../connect/machine-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { chooseVersion } from './choose-version.ts'
import { freeSpace } from './free-space.ts'
import type { RestoreMachines } from './machines-of-restore.ts'
import { type PreparedAgain, prepareAgain } from './prepare-again.ts'
import { pullMissing } from './pull-missing.ts'
import { readSource } from './read-source.ts'
import type { RestoreOptions } from './restore-options.ts'
import { stateOfRestore } from './state-of-snapshot.ts'

/** The local state from before the restore, and what is noted of one that was begun. */
export interface StateBefore {
  readonly before: ClusterState
  readonly restoring?: Restoring | undefined
}

/** All that a restore is decided by, and ways to the cluster with the certificates that it will have. */
export interface PreparedRestore extends Pick<PreparedAgain, 'access' | 'offline'> {
  readonly view: RestoreView
}

/**
 * Finds, reads and verifies the snapshot, makes what the restored cluster needs, and observes the machines. The image that
 * reads snapshots is pulled where it is missing; nothing else is written anywhere.
 */
export async function prepareRestore(
  given: ClusterConfig,
  { before, restoring }: StateBefore,
  { connected, formerMembers }: RestoreMachines,
  operation: Operation & { readonly options: RestoreOptions },
): Promise<PreparedRestore> {
  const { deps, options, emit, fill } = operation
  const catalog = deps.catalog ?? (await openCatalog())
  const signal = endOf(options)
  const filled = await fill(given)
  const backup = catalog.backupImage(given.systemImages.alpine)
  const nodes = nodesWithRole(given.nodes, 'etcd').flatMap(
    ({ address }) => connected.nodes.get(address) ?? [],
  )
  const { ecrLogin } = deps
  const { useLocalState = false } = options
  const skipped = connected.skipped.flatMap(({ host }) => host ?? [])
  const login = machineAccess(connected.nodes, { bundle: {}, config: filled, ecrLogin })
  refuseNothingReached(given, skipped)
  await pullMissing(nodes, backup, login, emit, signal)
  const { snapshot, withBucket } = await readSource({ config: filled, nodes, image: backup }, operation)
  const { name } = snapshot.file
  refuseFullDisks(snapshot, await freeSpace(nodes, { image: backup, name }, signal))
  const { state, version, nodes: had } = stateOfRestore(snapshot, before, useLocalState, emit)
  warnOfOthers(had, connected.nodes, emit)
  refuseStateless(state, { hasCertificates: options.certificates !== undefined, useLocalState })
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
      finished: restoring?.finished ? whose(restoring, name) : undefined,
      formerMembers: new Set([...formerMembers, ...members.map(({ address }) => address)]),
    },
  }
}

const whose = ({ snapshot }: Restoring, name: string) => (snapshot === name ? 'this' : 'another')

/** Nobody here knows how to reach them, and whoever runs them would have two clusters of the same authority. */
function warnOfOthers(
  had: readonly ClusterNode[],
  connected: ReadonlyMap<string, unknown>,
  emit: Operation['emit'],
): void {
  const others = had.map(({ address }) => address).filter((address) => !connected.has(address))
  if (others.length === 0) return
  const text = `The cluster of the snapshot also had ${others.join(', ')}: they must not run any more`
  emit({ type: 'notice', level: 'warning', area: 'hosts', text })
}
