import type { ClusterConfig } from '../../config/cluster-config.ts'
import { inParallel } from '../../in-parallel.ts'
import type { Node } from '../../node/node.ts'
import { hasDataBefore, readMemberData } from '../../node/snapshots/read-member-data.ts'
import { wasRemoved } from '../../observe/observe-member.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { onEtcdData } from '../../plan/snapshots/etcd-data.ts'
import { helperImageOn } from '../../plan/snapshots/restore-view.ts'

const PARALLEL = 20

export interface FormerDataQuestion {
  readonly config: ClusterConfig
  /** Which restore (`Restoring.startedAt`). */
  readonly restore: string
  /** Name of the helper that looks. */
  readonly helper: string
  /** Gets an image to a machine that has none with a shell. */
  readonly pull: (node: Node, image: string) => Promise<void>
  readonly signal: AbortSignal
}

/**
 * Addresses of machines that have data of etcd once what a restore has set aside is put back; not those on which the restore did
 * nothing, and whose member was taken out before, as its log says. Changes nothing there.
 */
export async function machinesWithData(
  nodes: ReadonlyMap<string, Node>,
  machines: ReadonlyMap<string, ObservedNode>,
  { config, restore, helper, pull, signal }: FormerDataQuestion,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  await inParallel([...nodes.values()], PARALLEL, async (node) => {
    const machine = machines.get(node.address)
    if (machine === undefined) return
    const container = machine.containers.get('etcd')
    if (container !== undefined && (await wasRemoved(node, container.Id, signal))) return
    const image = helperImageOn(machine, config)
    if (!machine.images.has(image)) await pull(node, image)
    const { directory, selinux } = onEtcdData(config, machine, image)
    const data = await readMemberData(node, { image, helper, directory, selinux, database: 'none', signal })
    if (hasDataBefore(data, restore)) found.add(node.address)
  })
  return found
}
