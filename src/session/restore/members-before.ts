import type { ClusterNode } from '../../config/cluster-config.ts'
import { RkeError } from '../../errors.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import { memberAt } from '../../etcd/members/find-member.ts'
import { inParallel } from '../../in-parallel.ts'
import type { Node } from '../../node/node.ts'
import { observeEtcd } from '../../observe/observe-etcd.ts'
import { wasRemoved } from '../../observe/observe-member.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { runs } from '../../plan/model/runs.ts'

const PARALLEL = 20

/** Where members of etcd may be before anything is changed. */
export interface MachinesBefore {
  /** Nodes that etcd may have. */
  readonly known: readonly ClusterNode[]
  /** Addresses of those that the state calls members. */
  readonly formerMembers: ReadonlySet<string>
  readonly machines: ReadonlyMap<string, ObservedNode>
  readonly nodes: ReadonlyMap<string, Node>
}

/**
 * Addresses of nodes with a member of etcd before anything is changed, as a healthy member says: a run that was interrupted while
 * it changed them has left others than the state knows. Where none answers, which is why many restore, they are those of the state
 * but for members that were taken out, as their own logs say; `undefined` where no log does.
 */
export async function membersBefore(
  before: MachinesBefore,
  at: (address: string) => EtcdApi,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  return (await askedMembers(before, at, signal)) ?? unlessRemoved(before, signal)
}

async function askedMembers(
  { known, machines }: MachinesBefore,
  at: (address: string) => EtcdApi,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const running = known.map(({ address }) => address).filter((address) => runs(machines.get(address), 'etcd'))
  try {
    const etcd = await observeEtcd(running, at, signal)
    if (etcd === undefined) return undefined
    const { members } = etcd
    return known
      .filter(({ internalAddress }) => memberAt(members, internalAddress) !== undefined)
      .map(({ address }) => address)
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof RkeError) return undefined
    throw thrown
  }
}

async function unlessRemoved(
  { formerMembers, machines, nodes }: MachinesBefore,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const removed = new Set<string>()
  await inParallel([...formerMembers], PARALLEL, async (address) => {
    const [node, container] = [nodes.get(address), machines.get(address)?.containers.get('etcd')]
    if (node !== undefined && container !== undefined && (await wasRemoved(node, container.Id, signal)))
      removed.add(address)
  })
  return removed.size === 0 ? undefined : [...formerMembers].filter((address) => !removed.has(address))
}
