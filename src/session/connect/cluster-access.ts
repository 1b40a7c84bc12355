import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { withoutNodes } from '../../config/without-nodes.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { endOf } from '../end-of-run.ts'
import { lazily } from '../lazily.ts'
import type { Operation } from '../run/redacted-run.ts'
import { type Connected, connectNodes, reachOf } from './connect-nodes.ts'
import { etcdAccess } from './etcd-access.ts'
import { type MachineAccess, machineAccess } from './machine-access.ts'
import { openKube } from './open-kube.ts'

/** Connections to the machines of a cluster, and through them to etcd, components and the Kubernetes API. Close it. */
export interface ClusterAccess extends MachineAccess {
  readonly nodes: ReadonlyMap<string, Node>
  /** Addresses of nodes of cluster.yml that could not be reached and are left out. */
  readonly unreachable: readonly string[]
  readonly etcd: (address: string) => EtcdApi
  /** Connected when it is first asked for. */
  readonly kube: () => Promise<KubeApi>
  readonly bundle: CertificatesBundle
  close(): Promise<void>
}

/**
 * Connects to the nodes of cluster.yml and to those that leave, of which none is missed, with the certificates that are being
 * made meanwhile. If these fail theirs is the error that is reported, whatever machines answer.
 * @param notAsked addresses of nodes whose API servers, if they run, serve another cluster
 * @param regard the certificates, changed as the machines that are connected ask for
 */
export async function connectCluster(
  config: ClusterConfig,
  leaving: readonly ClusterNode[],
  issuing: Promise<CertificatesBundle>,
  operation: Operation,
  notAsked: readonly string[] = [],
  regard: (nodes: Connected['nodes']) => Promise<CertificatesBundle> = () => issuing,
): Promise<ClusterAccess> {
  const { deps, options, emit } = operation
  const maySkip = options.skipUnreachable ?? false
  const staying = connectNodes(config, config.nodes, deps.transports, emit, reachOf(options, deps, maySkip))
  const others = connectNodes(config, leaving, deps.transports, emit, reachOf(options, deps, true))
  const connecting = connectedUnless(staying, others).then(async (found) =>
    allConnected([await staying, found]),
  )
  const connected = await connectedUnless(issuing, connecting)
  try {
    return accessThrough(connected, config, leaving, await regard(connected.nodes), operation, notAsked)
  } catch (thrown) {
    await connected.close()
    throw thrown
  }
}

/** The cluster on machines that are connected. Closing it closes the connections, too. */
export function accessThrough(
  connected: Connected,
  config: ClusterConfig,
  leaving: readonly ClusterNode[],
  bundle: CertificatesBundle,
  { deps, options }: Operation,
  notAsked: readonly string[] = [],
): ClusterAccess {
  const signal = endOf(options)
  const { nodes } = connected
  const api = lazily(() => openKube(withoutNodes(config, notAsked), nodes, bundle, signal, deps.time))
  const etcd = etcdAccess([...config.nodes, ...leaving], nodes, bundle, deps.time)
  return {
    ...machineAccess(nodes, { bundle, config, ecrLogin: deps.ecrLogin, time: deps.time }),
    nodes,
    unreachable: connected.skipped.flatMap(({ host }) => host ?? []),
    etcd: etcd.at,
    kube: api.get,
    bundle,
    close: async () => {
      const closed = await Promise.allSettled([
        api.opened()?.then(
          (opened) => opened.close(),
          () => {},
        ),
        etcd.close(),
      ])
      await connected.close()
      for (const one of closed) if (one.status === 'rejected') throw one.reason
    },
  }
}

/** Nodes that stay and nodes that leave, as one set of connections. */
export function allConnected([staying, leaving]: readonly [Connected, Connected]): Connected {
  return {
    nodes: new Map([...staying.nodes, ...leaving.nodes]),
    skipped: staying.skipped,
    close: async () => {
      await Promise.all([staying.close(), leaving.close()])
    },
  }
}

/** Connections that are not left open if something else that is needed fails meanwhile. */
async function connectedUnless(other: Promise<unknown>, connecting: Promise<Connected>): Promise<Connected> {
  const [connected, result] = await Promise.allSettled([connecting, other])
  if (result.status === 'fulfilled') {
    if (connected.status === 'rejected') throw connected.reason
    return connected.value
  }
  if (connected.status === 'fulfilled') await connected.value.close()
  throw result.reason
}
