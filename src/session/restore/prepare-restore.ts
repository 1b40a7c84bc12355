import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withVersion } from '../../config/with-version.ts'
import { withoutNodes } from '../../config/without-nodes.ts'
import { readingHelpers } from '../../container-names.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { leavingNodes } from '../../plan/rollout/leaving.ts'
import {
  refuseFullData,
  refuseFullDisks,
  refuseNothingReached,
  refuseOtherKeys,
  refuseSkippedQuorum,
  refuseStateless,
  refuseUnreadable,
} from '../../plan/snapshots/restore-guards.ts'
import { restoreImage } from '../../plan/snapshots/restore-image.ts'
import type { RestoreView } from '../../plan/snapshots/restore-view.ts'
import { nodesWithRole } from '../../role.ts'
import type { ClusterState, Restoring } from '../../state/cluster-state.ts'
import { closing } from '../closing.ts'
import { machineAccess } from '../connect/machine-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { chooseVersion } from './choose-version.ts'
import { freeForData, freeSpace } from './free-space.ts'
import { warnOfLeftOut } from './left-out.ts'
import type { RestoreMachines } from './machines-of-restore.ts'
import { membersBefore } from './members-before.ts'
import type { PreparedAgain } from './prepare-again.ts'
import { pullMissing } from './pull-missing.ts'
import { readSource } from './read-source.ts'
import type { RestoreOptions } from './restore-options.ts'
import type { RestoreWays } from './restore-ways.ts'
import { stateOfRestore } from './state-of-snapshot.ts'

/** The local state from before the restore, and what is noted of one that was begun. */
export interface StateBefore {
  readonly before: ClusterState
  readonly restoring?: Restoring | undefined
  /** Addresses of machines that earlier restores have left out. */
  readonly notRestored?: readonly string[] | undefined
  /** When this restore begins, unless it has begun before. */
  readonly now: Date
}

/** cluster.yml */
export interface GivenCluster {
  readonly given: ClusterConfig
  /** With secrets filled in. */
  readonly filled: ClusterConfig
}

/**
 * Finds, reads and verifies the snapshot, makes what the restored cluster needs, and observes the machines. The image that
 * reads snapshots is pulled where it is missing, and a snapshot of the bucket is downloaded to a node while it is read; nothing
 * else is written anywhere.
 */
export async function prepareRestore<A extends Pick<PreparedAgain, 'target' | 'machines'>>(
  { given, filled }: GivenCluster,
  { before, restoring, notRestored = [], now }: StateBefore,
  { connected, formerMembers, skipped, leftAlone }: RestoreMachines,
  ways: RestoreWays<A>,
  operation: Operation & { readonly options: RestoreOptions },
): Promise<A & { readonly view: RestoreView }> {
  const { deps, options, emit } = operation
  const catalog = deps.catalog ?? (await openCatalog())
  const signal = endOf(options)
  const backup = catalog.backupImage(given.systemImages.alpine)
  const nodes = nodesWithRole(given.nodes, 'etcd').flatMap(
    ({ address }) => connected.nodes.get(address) ?? [],
  )
  const { ecrLogin } = deps
  const { useLocalState = false } = options
  const login = machineAccess(connected.nodes, { bundle: {}, config: filled, ecrLogin })
  refuseNothingReached(given, skipped)
  if (!options.skippedAreOff) refuseSkippedQuorum(given, formerMembers, skipped)
  await pullMissing(nodes, backup, login, emit, signal)
  const { snapshot, withBucket } = await readSource({ config: filled, nodes, image: backup }, operation)
  const { name } = snapshot.file
  const helpers = readingHelpers(options)
  const inspected = { image: backup, name, helper: helpers.snapshots }
  refuseFullDisks(snapshot, await freeSpace(nodes, inspected, signal))
  const { state, version, rewriting, nodes: had } = stateOfRestore(snapshot, before, useLocalState, emit)
  const connectedNodes = new Set(connected.nodes.keys())
  warnOfLeftOut({ skipped, leftAlone: leftAlone.addresses, connected: connectedNodes }, before, had, emit)
  refuseStateless(state, { hasCertificates: options.certificates !== undefined, useLocalState })
  const versions = { snapshot: version ?? given.kubernetesVersion, config: given.kubernetesVersion }
  const chosen = await chooseVersion(versions, options)
  // Those that cannot be reached may run, and belong to the cluster from before: nothing of this one may speak to them.
  const reached = withoutNodes(given, skipped)
  const config = chosen === versions.config ? reached : withVersion(reached, chosen, catalog)
  const images = { backup, restore: restoreImage(config.systemImages, backup) }
  const built = { state, images: Object.values(images), renewsExpired: true }
  const again = await ways.again(config, built)
  const { target, machines } = again
  const reading = { config, image: backup, helper: helpers.etcdData }
  refuseFullData(snapshot, await freeForData(nodes, machines, reading, signal))
  const { encryptionConfig = '' } = target.wanted.material
  refuseUnreadable(state.desiredState.encryptionConfig ?? '', encryptionConfig, rewriting)
  const doubt = refuseOtherKeys(snapshot, encryptionConfig, useLocalState)
  if (doubt !== undefined) emit({ type: 'notice', level: 'warning', area: 'state', text: doubt })
  const withEtcd = [...machines.values()].filter(({ containers }) => containers.has('etcd'))
  const begun = restoring?.finished ? undefined : restoring
  const known = [...given.nodes, ...leavingNodes(before, given)]
  const members =
    begun === undefined
      ? await closing(ways.etcd(known, certificatesOf(before)), ({ at }) =>
          membersBefore({ known, formerMembers, machines, nodes: connected.nodes }, at, signal),
        )
      : begun.members
  return {
    ...again,
    view: {
      snapshot,
      withBucket,
      target,
      machines,
      images,
      notRestored: [
        ...new Set([...notRestored, ...skipped, ...(leftAlone.areOther ? [] : leftAlone.addresses)]),
      ].filter((address) => !connected.nodes.has(address)),
      startedAt: begun?.startedAt ?? now.toISOString(),
      finished: restoring?.finished ? restoring.startedAt : undefined,
      formerMembers: new Set([
        ...formerMembers,
        ...(restoring?.formerMembers ?? []),
        ...withEtcd.map(({ address }) => address),
      ]),
      members,
    },
  }
}

const certificatesOf = ({ currentState, desiredState }: ClusterState): CertificatesBundle =>
  currentState.certificatesBundle ?? desiredState.certificatesBundle ?? {}
