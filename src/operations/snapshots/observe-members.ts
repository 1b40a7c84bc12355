import type { ClusterNode } from '../../config/cluster-config.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import type { Node } from '../../node/node.ts'
import { inspectFolder } from '../../node/snapshots/inspect-folder.ts'
import { runsSteadily } from '../../plan/model/runs.ts'
import type { SeenMember } from '../../plan/snapshots/members-to-save.ts'
import { observeOne } from '../../session/prepare/observe-parts.ts'

/** What is asked about etcd nodes before a save. */
export interface MembersQuestion {
  /** Name of the snapshot. */
  readonly name: string
  /** Images from which the snapshot folder can be inspected, the backup image first. */
  readonly images: readonly string[]
  /** Name of the helper that inspects it. */
  readonly helper: string
}

/** Observes the etcd nodes that could be reached, all of them at once. Nothing is changed there. */
export async function observeMembersToSave(
  members: readonly ClusterNode[],
  nodes: ReadonlyMap<string, Node>,
  etcd: (address: string) => EtcdApi,
  question: MembersQuestion,
  signal: AbortSignal,
): Promise<readonly SeenMember[]> {
  const reached = members.flatMap((node) => {
    const connected = nodes.get(node.address)
    return connected === undefined ? [] : [{ node, connected }]
  })
  return Promise.all(
    reached.map(({ node, connected }) =>
      observeMember(node, connected, etcd(node.address), question, signal),
    ),
  )
}

async function observeMember(
  node: ClusterNode,
  connected: Node,
  etcd: EtcdApi,
  { name, images, helper }: MembersQuestion,
  signal: AbortSignal,
): Promise<SeenMember> {
  const machine = await observeOne(connected, images)
  if (!runsSteadily(machine, 'etcd')) return { node, machine }
  const image = images.find((each) => machine.images.has(each))
  const [health, databaseBytes, folder] = await Promise.all([
    etcd.health(signal),
    databaseSize(etcd, signal),
    image === undefined ? undefined : inspectFolder(connected, { image, helper, name }, signal),
  ])
  return {
    node,
    machine,
    health,
    ...(databaseBytes !== undefined && { databaseBytes }),
    ...(folder !== undefined && { folder }),
  }
}

/** A member that does not say it is judged by its health. */
async function databaseSize(etcd: EtcdApi, signal: AbortSignal): Promise<number | undefined> {
  try {
    return (await etcd.status(signal)).dbSize
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
