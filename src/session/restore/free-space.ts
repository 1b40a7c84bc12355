import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Node } from '../../node/node.ts'
import { inspectFolder } from '../../node/snapshots/inspect-folder.ts'
import { readMemberData } from '../../node/snapshots/read-member-data.ts'
import type { ReadRequest } from '../../node/snapshots/snapshot-requests.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { onEtcdData } from '../../plan/snapshots/etcd-data.ts'

/** Bytes that are free where nodes keep snapshots, by address. */
export async function freeSpace(
  nodes: readonly Node[],
  of: Pick<ReadRequest, 'image' | 'helper' | 'name'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const folders = await Promise.all(nodes.map((node) => inspectFolder(node, of, signal)))
  return new Map(nodes.map(({ address }, index) => [address, folders[index]?.freeBytes ?? 0]))
}

/** Bytes that are free where nodes keep etcd's data, by address; `undefined` where there is no such directory yet. */
export async function freeForData(
  nodes: readonly Node[],
  machines: ReadonlyMap<string, ObservedNode>,
  {
    config,
    image,
    helper,
  }: { readonly config: ClusterConfig; readonly image: string; readonly helper: string },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number | undefined>> {
  const free = await Promise.all(
    nodes.map(async (node) => {
      const machine = machines.get(node.address)
      if (machine === undefined) return undefined
      const { directory, selinux } = onEtcdData(config, machine, image)
      return (await readMemberData(node, { image, helper, directory, selinux, database: 'none', signal }))
        .free
    }),
  )
  return new Map(nodes.map(({ address }, index) => [address, free[index]]))
}
