import { createHash } from 'node:crypto'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { bucketOf } from '../../config/snapshot-bucket.ts'
import { snapshotTimeout } from '../../config/snapshot-timeout.ts'
import { prefixPath } from '../../desired/node-facts.ts'
import { prefixed } from '../../desired/paths.ts'
import { withSelinux } from '../../desired/selinux.ts'
import { etcdSnapshotOnce } from '../../desired/services/etcd-snapshot-once.ts'
import { KUBERNETES_FOLDER, SNAPSHOT_FOLDER } from '../../node-paths.ts'
import type { Secret } from '../../secret.ts'
import { stateFileName } from '../../snapshots/archive-members.ts'
import { archiveFileName } from '../../snapshots/snapshot-name.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import { makePlan, type Plan } from '../model/plan.ts'
import { deleteOldFetch } from './left-fetches.ts'
import { membersToSave, type SeenMember } from './members-to-save.ts'
import { staleStates } from './stale-states.ts'

/** All that a save follows from. */
export interface SaveView {
  /** With the bucket of the run and all secrets filled in. */
  readonly config: ClusterConfig
  readonly backupImage: string
  /** Without `.zip`. */
  readonly name: string
  /** The local state file, as it is. */
  readonly state: Secret<string>
  /** The etcd nodes that could be reached, with what was seen there, in the order of cluster.yml. */
  readonly members: readonly SeenMember[]
  readonly now: Date
  /** Another archive of this name is replaced. */
  readonly overwrite: boolean
  /** A save that seems to run is ended. */
  readonly breakLock: boolean
}

/** A node that takes no snapshot, and why. */
export interface LeftOut {
  readonly node: string
  readonly why: string
}

export interface SavePlan {
  readonly plan: Plan
  readonly leftOut: readonly LeftOut[]
}

/**
 * Takes a snapshot on every etcd node whose member is healthy, on all of them at once: the state file, RKE's helper, and then the
 * archive is read. None waits for another one, and none fails because of another one.
 * @throws PlanRefusedError if no member can be saved, another save runs, or there is an archive of this name already.
 */
export function planSave(view: SaveView): SavePlan {
  const { chosen, leftOut } = membersToSave(view)
  return { plan: makePlan(chosen.flatMap((member) => saveOn(member, view))), leftOut }
}

function saveOn(member: SeenMember, view: SaveView): readonly Action[] {
  const { folder: found, machine, node } = member
  const { backupImage: image, config, name, state } = view
  const { address } = node
  const prefix = prefixPath(config.prefixPath, machine.facts)
  const folder = prefixed(prefix, KUBERNETES_FOLDER)
  const statePath = prefixed(folder, stateFileName(name))
  const before = preparations(member, view, prefix)
  const copies = bucketOf(config) !== undefined
  const replaced = found?.files.find(({ file }) => file === archiveFileName(name))
  return [
    ...before,
    {
      kind: 'snapshot.state',
      id: ids.snapshotState(address),
      node: address,
      image,
      folder,
      file: { path: statePath, mode: 0o400, uid: 0, gid: 0, content: state },
      ...(found === undefined && !view.overwrite && { mustBeNew: name }),
      because: [{ kind: 'state-in-archive' }],
      after: before.map(({ id }) => id),
    },
    {
      kind: 'snapshot.save',
      id: ids.snapshotSave(address),
      node: address,
      snapshot: name,
      container: withSelinux(
        etcdSnapshotOnce({ snapshot: name, image, prefix, node, config }),
        machine.facts,
        config.kubernetesVersion,
      ),
      copies,
      timeout: snapshotTimeout(config),
      leftovers: [
        { folder, paths: [statePath] },
        { folder: SNAPSHOT_FOLDER, paths: halfSaved(name, copies || view.overwrite || found === undefined) },
      ],
      because: [{ kind: 'asked-for' }],
      after: [ids.snapshotState(address)],
    },
    {
      kind: 'snapshot.verify',
      id: ids.snapshotVerify(address),
      node: address,
      image,
      snapshot: name,
      ...(replaced !== undefined && { replaces: replaced.modified * 1000 }),
      ...(found !== undefined && { freeBefore: found.freeBytes }),
      stateDigest: createHash('sha256').update(state.reveal()).digest('hex'),
      because: [{ kind: 'saved-in-this-run' }],
      after: [ids.snapshotSave(address)],
      interruptible: true,
    },
  ]
}

/** The backup image, and files that must not lie about. */
function preparations({ machine }: SeenMember, view: SaveView, prefix: string): readonly Action[] {
  const { address } = machine
  const image = view.backupImage
  const stale = staleStates(machine, view.now).map((path) => prefixed(prefix, path))
  const pull: Action = {
    kind: 'image.pull',
    id: ids.image(address, image),
    node: address,
    image,
    because: [{ kind: 'image-missing' }],
    after: [],
  }
  const removal: Action = {
    kind: 'files.remove',
    id: ids.staleStates(address),
    node: address,
    image,
    folder: prefixed(prefix, KUBERNETES_FOLDER),
    paths: stale,
    because: [{ kind: 'left-by-failed-save' }],
    after: [pull.id],
  }
  return [
    ...(machine.images.has(image) ? [] : [pull]),
    ...(stale.length === 0 ? [] : [removal]),
    ...deleteOldFetch(view.config, machine, view.now),
  ]
}

/** What a save that fails half-way leaves. An archive that may be whole stays: one from before, or one that is only not copied. */
const halfSaved = (name: string, mayBeWhole: boolean): readonly string[] =>
  [name, `${name}.part`, ...(mayBeWhole ? [] : [archiveFileName(name)])].map(
    (file) => `${SNAPSHOT_FOLDER}/${file}`,
  )
