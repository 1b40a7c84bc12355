import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'
import { ConnectionError, RkeError, RunFailedError, toRkeError } from '../../errors.ts'
import { inParallel } from '../../in-parallel.ts'
import type { Node } from '../../node/node.ts'
import { type NodeOptions, openNode } from '../../node/node-connection.ts'
import type { BastionSpec, NodeSpec, TransportFactory } from '../../node/transport/link.ts'
import type { Deps, RunOptions } from '../deps.ts'
import { endOf } from '../end-of-run.ts'

/** Nodes that are connected to at the same time. Logins by SSH have a limit of their own, for all of a run. */
const PARALLEL = 50

/** What of a configuration it takes to reach nodes, and to pull images there. */
export const accessParts = ['nodes', 'bastionHost', 'privateRegistries'] as const

/** What was found of the nodes of a cluster. */
export interface Connected {
  readonly nodes: ReadonlyMap<string, Node>
  /** Why each of the others cannot be used; empty unless they may be skipped. */
  readonly skipped: readonly RkeError[]
  close(): Promise<void>
}

export interface Reach extends NodeOptions {
  /** Aborted: connecting ends. */
  readonly signal: AbortSignal
  /** Nodes that cannot be reached are left out. */
  readonly maySkip: boolean
}

/** How the nodes of a run are reached: what its signals are to connections. */
export function reachOf(
  options: Pick<RunOptions, 'signal' | 'abort'>,
  { time }: Pick<Deps, 'time'>,
  maySkip: boolean,
): Reach {
  return { signal: endOf(options), abort: options.abort, time, maySkip }
}

/**
 * Connects to nodes of a cluster, all at once. If one cannot be reached nothing is done at all, unless nodes may be skipped:
 * every node that failed is in the error, each with its own cause.
 */
export async function connectNodes(
  config: ClusterConfig,
  nodes: readonly ClusterNode[],
  transports: TransportFactory,
  emit: Emit,
  { signal, maySkip, ...options }: Reach,
): Promise<Connected> {
  const opened = new Map<string, Node>()
  const failures: RkeError[] = []
  await inParallel(nodes, PARALLEL, async (node) => {
    emit({
      type: 'notice',
      level: 'info',
      area: 'dialer',
      text: `Connecting to host [${node.address}]`,
      node: node.address,
    })
    try {
      opened.set(node.address, await openNode(nodeSpec(config, node), transports, signal, options))
    } catch (thrown) {
      failures.push(toRkeError(thrown, { host: node.address, step: 'connect' }))
    }
  })
  const close = async (): Promise<void> => {
    await Promise.all([...opened.values()].map((node) => node.close()))
  }
  const [only] = failures
  if (only !== undefined && !maySkip) {
    await close()
    if (failures.length === 1) throw only
    const addresses = failures.map((failure) => failure.host).join(', ')
    throw new RunFailedError(
      `${failures.length} of ${nodes.length} nodes cannot be used: ${addresses}`,
      failures,
      {
        step: 'connect',
        untouched: true,
        hint: 'fix the connections, or remove the nodes from cluster.yml',
      },
    )
  }
  for (const { host = '', message } of failures) {
    emit({
      type: 'notice',
      level: 'warning',
      area: 'dialer',
      text: `Skipping host [${host}]: ${message}`,
      node: host,
    })
  }
  // In the order of the cluster file, whoever answered first.
  const inOrder = nodes.flatMap(({ address }) => {
    const node = opened.get(address)
    return node === undefined ? [] : [[address, node] as const]
  })
  return { nodes: new Map(inOrder), skipped: failures, close }
}

/**
 * What can be seen of the logins to a cluster's machines before one is dialled: a failure for each thing that is wrong, however
 * many nodes have it in common. A key that wants its passphrase is none: it can be asked for.
 */
export async function loginFailures(
  { bastionHost, nodes }: ClusterConfig,
  { check }: TransportFactory,
): Promise<readonly RkeError[]> {
  if (check === undefined) return []
  const logins = [
    ...nodes.map((node, index) => ({ spec: login(node), path: ['nodes', index] })),
    ...(bastionHost.address ? [{ spec: login(bastionHost), path: ['bastionHost'] }] : []),
  ]
  const failures = new Map<string, RkeError>()
  for (const { spec, path } of logins) {
    try {
      await check(spec)
    } catch (thrown) {
      const error = toRkeError(thrown)
      if (error instanceof ConnectionError && error.kind === 'key-locked') continue
      const { message, hint } = error
      if (failures.has(message)) continue
      failures.set(
        message,
        new RkeError(message, { ...(hint && { hint }), key: [...path, ...(error.key ?? [])] }),
      )
    }
  }
  return [...failures.values()]
}

/** How a configured node is reached, with what the cluster says for all of them. */
function nodeSpec(config: ClusterConfig, node: ClusterNode): NodeSpec {
  const bastion = config.bastionHost
  return {
    ...login(node),
    ...(node.dockerSocket && { dockerSocket: node.dockerSocket }),
    ...(bastion.address && { bastion: login(bastion) }),
  }
}

type Login = Pick<
  ClusterNode,
  'address' | 'port' | 'user' | 'sshAgentAuth' | 'sshKey' | 'sshKeyPath' | 'sshCert' | 'sshCertPath'
>

function login(from: Login): BastionSpec {
  return {
    address: from.address,
    port: from.port || '22',
    user: from.user,
    sshAgentAuth: from.sshAgentAuth,
    ...(from.sshKey && { sshKey: from.sshKey }),
    ...(from.sshKeyPath && { sshKeyPath: from.sshKeyPath }),
    ...(from.sshCert && { sshCert: from.sshCert }),
    ...(from.sshCertPath && { sshCertPath: from.sshCertPath }),
  }
}

/** @throws RkeError if that node is not connected. */
export function nodeAt(nodes: ReadonlyMap<string, Node>, address: string): Node {
  const node = nodes.get(address)
  if (node === undefined) throw new RkeError('the node is not connected', { host: address })
  return node
}
