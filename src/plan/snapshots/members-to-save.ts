import type { ClusterNode } from '../../config/cluster-config.ts'
import { HELPER } from '../../container-names.ts'
import { EtcdError, PlanRefusedError } from '../../errors.ts'
import type { SnapshotFolder } from '../../node/snapshots/inspect-folder.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { nameIsTaken } from '../../snapshots/name-is-taken.ts'
import { wholeMegabytes } from '../../whole-megabytes.ts'
import type { LeftOut, SaveView } from './plan-save.ts'

/** An etcd node that could be reached, as it was seen before a save. */
export interface SeenMember {
  readonly node: ClusterNode
  readonly machine: ObservedNode
  /** What the member says; absent where its container does not run. */
  readonly health?: { readonly ok: boolean; readonly detail: string }
  /** Size of its database in bytes, if it says so. */
  readonly databaseBytes?: number
  /** The snapshot folder; absent where no image is on the machine from which it can be inspected. */
  readonly folder?: SnapshotFolder
}

/** The members that are saved, and those that are not. */
export function membersToSave(view: SaveView): {
  readonly chosen: readonly SeenMember[]
  readonly leftOut: readonly LeftOut[]
} {
  refuseOtherSave(view)
  refuseExisting(view)
  const judged = view.members.map((member) => ({ member, why: whyNot(member) }))
  const leftOut = judged.flatMap(({ member, why }) =>
    why === undefined ? [] : [{ node: member.node.address, why }],
  )
  const chosen = judged.filter(({ why }) => why === undefined).map(({ member }) => member)
  if (chosen.length === 0) throw nobodyToSave(leftOut)
  return { chosen, leftOut }
}

function whyNot({ machine, health, databaseBytes = 0, folder }: SeenMember): string | undefined {
  const container = machine.containers.get('etcd')
  if (container === undefined) return 'there is no container etcd'
  const { ExitCode, Restarting, Status } = container.State
  if (health === undefined || Restarting) {
    return Restarting
      ? 'its container etcd is in a crash loop'
      : `etcd does not run: its container is ${Status} (exit code ${ExitCode})`
  }
  if (!health.ok) return `etcd is not healthy: ${health.detail}`
  if (folder !== undefined && folder.freeBytes < databaseBytes) {
    return `the disk has ${wholeMegabytes(folder.freeBytes)} MB free, and etcd's database has ${wholeMegabytes(databaseBytes)} MB`
  }
  return undefined
}

/** Two helpers cannot have one name, and the other one would be ended half-way. */
function refuseOtherSave({ breakLock, members }: SaveView): void {
  const busy = members
    .filter(({ machine }) =>
      machine.all.some(({ names, state }) => names.includes(HELPER.saveSnapshot) && state === 'running'),
    )
    .map(({ node }) => node.address)
  if (busy.length === 0 || breakLock) return
  throw new PlanRefusedError(`another save is running on ${busy.join(', ')}`, {
    step: 'plan the snapshot',
    untouched: true,
    hint: `wait until its container ${HELPER.saveSnapshot} has ended, or end it with --break-lock`,
  })
}

/** RKE overwrites it. One that is good would be lost if this save failed, and a bucket keeps the old one without a word. */
function refuseExisting({ members, name, overwrite }: SaveView): void {
  const places = members.flatMap(({ node, folder }) => (folder?.files.length ? [node.address] : []))
  if (places.length === 0 || overwrite) return
  throw nameIsTaken(name, places, { untouched: true })
}

function nobodyToSave(leftOut: readonly LeftOut[]): EtcdError {
  return new EtcdError('no etcd member can be saved', {
    step: 'plan the snapshot',
    why: leftOut.map(({ node, why }) => `${node}: ${why}`).join('; '),
    untouched: true,
    hint: 'start the machines that are down; "rke up" repairs single members, and "rke etcd recover" a quorum that is lost',
  })
}
