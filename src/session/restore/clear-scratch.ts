import { ordinaryLinux } from '../../desired/node-facts.ts'
import { usesSelinuxType } from '../../desired/selinux.ts'
import type { Emit } from '../../engine/events.ts'
import { toRkeError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import { deleteScratch } from '../../node/snapshots/delete-scratch.ts'
import { SCRATCH_FOLDER } from '../../node-paths.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { RestoreView } from '../../plan/snapshots/restore-view.ts'

/**
 * Deletes what a restore that has failed before anything was changed has fetched to nodes: whole databases, with all that is
 * secret in them. Where that fails it is reported.
 */
export async function clearScratch(
  { actions }: Plan,
  { machines, images, target }: Pick<RestoreView, 'machines' | 'images' | 'target'>,
  node: (address: string) => Node,
  emit: Emit,
): Promise<void> {
  const addresses = actions.flatMap((action) => (action.kind === 'snapshot.unpack' ? action.node : []))
  await Promise.all(
    addresses.map(async (address) => {
      const machine = node(address)
      const facts = machines.get(address)?.facts ?? ordinaryLinux
      const selinux = usesSelinuxType(target.wanted.config.kubernetesVersion, facts)
      try {
        if ((await machine.docker.inspectImage(images.backup)) === undefined) return
        await deleteScratch(machine, { image: images.backup, selinux })
      } catch (thrown) {
        const text = `${SCRATCH_FOLDER} on host [${address}] is left, with the database of the snapshot: ${toRkeError(thrown).message}`
        emit({ type: 'notice', level: 'warning', area: 'etcd', text, node: address })
      }
    }),
  )
}
