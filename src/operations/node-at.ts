import { RkeError } from '../errors.ts'
import type { Node } from '../node/node.ts'

/** The connected node with this address. */
export function nodeAt(nodes: ReadonlyMap<string, Node>, address: string): Node {
  const node = nodes.get(address)
  if (node === undefined) throw new RkeError(`node ${address} is not connected`, { host: address })
  return node
}
