import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withBucket } from '../../config/snapshot-bucket.ts'
import { withoutNodes } from '../../config/without-nodes.ts'
import { ConfigError, StateError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import { accessParts } from '../../session/connect/connect-nodes.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import { refuseUnfinished } from '../../session/state/unfinished.ts'
import { defaultSnapshotName, kindOfSnapshot, newSnapshotName } from '../../snapshots/snapshot-name.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { systemClock } from '../../time.ts'
import type { SaveOptions } from './save-results.ts'

/** What a save is made from before a machine is asked. */
export interface PreparedSave {
  /** With the bucket of the run and all secrets filled in. */
  readonly config: ClusterConfig
  /** Without `.zip`. */
  readonly name: string
  readonly state: ClusterState
  /** The state as it is stored. */
  readonly text: Secret<string>
  readonly backupImage: string
}

/** Refuses what can be refused before a machine is asked. */
export async function prepareSave(
  given: ClusterConfig,
  { deps, emit, fill }: Operation,
  { bucket, name: chosen = '' }: SaveOptions,
): Promise<PreparedSave> {
  const name = chosen === '' ? defaultSnapshotName((deps.clock ?? systemClock)()) : newSnapshotName(chosen)
  if (given.services.etcd.externalUrls.length > 0) throw foreignEtcd()
  const stored = await deps.store.load()
  if (stored === undefined) throw withoutState()
  refuseUnfinished(stored.state)
  const { notRestored = [] } = stored.state
  const member = withoutNodes(withBucket(given, bucket), notRestored)
  const config = await fill(member, [...accessParts, 'services'])
  const catalog = deps.catalog ?? (await openCatalog())
  const warn = (text: string): void => emit({ type: 'notice', level: 'warning', area: 'etcd', text })
  for (const { address } of given.nodes.filter((node) => notRestored.includes(node.address))) {
    warn(`host [${address}] is left out: a restore has left it out, and "rke up" has not added it again`)
  }
  if (chosen === '') warn(`Name of the snapshot is not specified, using [${name}]`)
  if (kindOfSnapshot(name) === 'rancher') warn(deletesOthers(config))
  return {
    config,
    name,
    state: stored.state,
    text: stored.text,
    backupImage: catalog.backupImage(config.systemImages.alpine),
  }
}

/** The helper takes such a name for one of Rancher's, and then cleans up after Rancher. */
function deletesOthers({ services }: ClusterConfig): string {
  const { intervalHours, retention } = services.etcd.backupConfig ?? { intervalHours: 24, retention: 1 }
  const hours = intervalHours * retention || 24
  return (
    'this is a name as Rancher gives it (c-…): the helper deletes snapshots of that beginning that Rancher took ' +
    `more than ${hours} hours ago`
  )
}

function withoutState(): StateError {
  return new StateError('there is no state file, which every snapshot must hold', {
    step: 'load the state',
    untouched: true,
    hint:
      'without it nobody could restore the cluster on other machines: put cluster.rkestate beside cluster.yml, or get it ' +
      'back from the cluster with "rke util get-state-file"',
  })
}

function foreignEtcd(): ConfigError {
  return new ConfigError('etcd is not one of this cluster', {
    step: 'save a snapshot',
    why: 'services.etcd.external_urls names another one',
    untouched: true,
    key: ['services', 'etcd', 'externalUrls'],
    hint: 'save it where it runs, with "etcdctl snapshot save"',
  })
}
