import { expect, test } from 'vitest'
import type { ConfigMap } from '../../../src/kube/objects/kube-object.ts'
import { type RestoreResult, restoreSnapshot } from '../../../src/operations/snapshots/restore-snapshot.ts'
import type { Deps } from '../../../src/session/deps.ts'
import type { RestoreOptions } from '../../../src/session/restore/restore-options.ts'
import { serialiseState } from '../../../src/state/state-json.ts'
import { snapshotArchive } from '../fakes/rke-archive.ts'
import { ALL_ROLES } from './clusters.ts'
import { Scenario } from './support.ts'

const NAME = 'before'
const FOLDER = '/opt/rke/etcd-snapshots'
const note = (text: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: text, namespace: 'default' },
  data: { text },
})
const notesIn = ({ kube }: Scenario): readonly string[] =>
  kube
    .list('v1', 'ConfigMap', 'default')
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.startsWith('note'))

/** Puts a snapshot of the cluster, with its state, on the first machine. */
async function save({ world, store }: Scenario, name = NAME): Promise<void> {
  const [cluster] = world.etcdClusters.values()
  const state = (await store.load())?.state
  if (cluster === undefined || state === undefined) throw new TypeError('there is no cluster')
  const archive = snapshotArchive(name, world.snapshots.take(cluster), Buffer.from(serialiseState(state)))
  const [machine] = world.machines
  machine?.disk.put(`${FOLDER}/${name}.zip`, { type: 'file', content: archive, mode: 0o600, uid: 0, gid: 0 })
}

function restore(
  { config, deps }: Scenario,
  options: Partial<RestoreOptions> = {},
  others: Partial<Deps> = {},
): Promise<RestoreResult> {
  return restoreSnapshot(config, { ...deps, ...others }, { name: NAME, ...options }).result
}

test('a cluster holds what it held when the snapshot was taken, and nothing that came after', async () => {
  const scenario = await Scenario.up(ALL_ROLES)
  scenario.kube.create(note('note-before'))
  await save(scenario)
  scenario.kube.create(note('note-after'))
  await restore(scenario)
  expect(notesIn(scenario)).toEqual(['note-before'])
  expect((await scenario.plan()).steps).toEqual([])
})
