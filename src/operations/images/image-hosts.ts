import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'
import { openNode } from '../../node/node-connection.ts'
import type { TransportFactory } from '../../node/transport/link.ts'
import { chosenAddresses } from '../../plan/rollout/chosen-nodes.ts'
import { type Connected, connectNodes, reachOf } from '../../session/connect/connect-nodes.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'

/** Whose Docker holds images: that of nodes, by their addresses, or that of a machine reached in another way. */
export type ImageHosts =
  | { readonly nodes: readonly string[] }
  | { readonly name: string; readonly transports: TransportFactory }

/** Connects to machines that hold images, all at once. If one cannot be reached nothing is done at all. */
export async function connectImageHosts(
  config: ClusterConfig,
  hosts: ImageHosts,
  deps: Pick<Deps, 'transports' | 'time'>,
  options: Pick<RunOptions, 'signal' | 'abort'>,
  emit: Emit,
): Promise<Connected> {
  const reach = reachOf(options, deps, false)
  if ('nodes' in hosts) {
    const chosen = chosenAddresses(config, undefined, hosts.nodes)
    const nodes = config.nodes.filter(({ address }) => chosen.has(address))
    return connectNodes(config, nodes, deps.transports, emit, reach)
  }
  const { name, transports } = hosts
  const node = await openNode({ address: name, port: '', user: '' }, transports, reach.signal, reach)
  return { nodes: new Map([[name, node]]), skipped: [], close: () => node.close() }
}
