import type { Node } from '../../node/node.ts'
import { inspectFolder } from '../../node/snapshots/inspect-folder.ts'
import type { ReadRequest } from '../../node/snapshots/snapshot-requests.ts'

/** Bytes that are free where nodes keep snapshots, by address. */
export async function freeSpace(
  nodes: readonly Node[],
  of: Pick<ReadRequest, 'image' | 'helper' | 'name'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const folders = await Promise.all(nodes.map((node) => inspectFolder(node, of, signal)))
  return new Map(nodes.map(({ address }, index) => [address, folders[index]?.freeBytes ?? 0]))
}
