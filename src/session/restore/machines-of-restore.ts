import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { formerMembers } from '../../plan/etcd/former-members.ts'
import { leavingNodes, withAccess } from '../../plan/rollout/leaving.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { allConnected } from '../connect/cluster-access.ts'
import { type Connected, connectNodes, reachOf } from '../connect/connect-nodes.ts'
import type { Operation } from '../run/redacted-run.ts'
import { warnOfFormerNodes } from './former-nodes.ts'
import { appliedBefore, type WayBack } from './prepare-abort.ts'
import type { RestoreOptions } from './restore-options.ts'

/** The machines that a restore changes. */
export interface RestoreMachines {
  readonly connected: Connected
  /** Addresses of machines that have or had a member of etcd. */
  readonly formerMembers: ReadonlySet<string>
  /** Addresses of nodes of cluster.yml that cannot be reached. */
  readonly skipped: readonly string[]
  readonly leftAlone: LeftAlone
}

/** Machines that only the local state names, and on which nothing is done. */
interface LeftAlone {
  readonly addresses: readonly string[]
  /** They may be another cluster: cluster.yml names none of the machines of the state. */
  readonly areOther: boolean
}

/**
 * Connects to the machines of cluster.yml, and, where that is asked for (`cleanFormerNodes`), to those that the state from
 * before the restore knows besides, as far as they can be reached.
 */
export async function connectMachines(
  config: ClusterConfig,
  before: ClusterState,
  operation: Operation & { readonly options: Pick<RestoreOptions, 'cleanFormerNodes'> },
): Promise<RestoreMachines> {
  const { fill, options, emit } = operation
  const former = leavingNodes(before, config)
  const cleans = options.cleanFormerNodes ?? false
  const areOther = former.length === leavingNodes(before, { ...config, nodes: [] }).length
  if (!cleans) warnOfFormerNodes(former, areOther, emit)
  const leaving = cleans ? await withAccess(former, config, fill) : []
  const connected = await connectTo(config, leaving, operation)
  return {
    connected,
    formerMembers: formerMembers(before),
    skipped: connected.skipped.flatMap(({ host }) => host ?? []),
    leftAlone: { addresses: cleans ? [] : former.map(({ address }) => address), areOther },
  }
}

/**
 * Connects to the machines of the cluster from before a restore, and, as far as they can be reached, to those that only the
 * restored one has, or that an unfinished run had added before.
 */
export async function connectForAbort(way: WayBack, operation: Operation): Promise<Connected> {
  const [applied, given] = [await operation.fill(appliedBefore(way)), await operation.fill(way.given)]
  const ofBefore = new Set(applied.nodes.map(({ address }) => address))
  const named = new Set([...ofBefore, ...given.nodes.map(({ address }) => address)])
  const begun = leavingNodes(way.before, given).filter(({ address }) => !named.has(address))
  const only = given.nodes.filter(({ address }) => !ofBefore.has(address))
  return connectTo(applied, [...only, ...(await withAccess(begun, given, operation.fill))], operation)
}

/** Of the others none is missed. */
async function connectTo(
  config: ClusterConfig,
  others: readonly ClusterNode[],
  { deps, options, emit }: Operation,
): Promise<Connected> {
  const reach = (skip: boolean) => reachOf(options, deps, skip)
  const connect = (nodes: readonly ClusterNode[], skip: boolean): Promise<Connected> =>
    connectNodes(config, nodes, deps.transports, emit, reach(skip))
  const [staying, found] = await Promise.allSettled([
    connect(config.nodes, options.skipUnreachable ?? false),
    connect(others, true),
  ])
  if (found.status === 'rejected') {
    if (staying.status === 'fulfilled') await staying.value.close()
    throw found.reason
  }
  if (staying.status === 'fulfilled') return allConnected([staying.value, found.value])
  await found.value.close()
  throw staying.reason
}
