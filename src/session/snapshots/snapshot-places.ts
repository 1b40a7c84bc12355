import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { ConfigError, type RkeError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import { type SnapshotSource, snapshotsOfNode } from '../../observe/observe-snapshots.ts'
import { nodesWithRole } from '../../role.ts'
import { connectNodes, reachOf } from '../connect/connect-nodes.ts'
import { type MachineAccess, machineAccess } from '../connect/machine-access.ts'
import { endOf } from '../end-of-run.ts'
import { pullMissing } from '../restore/pull-missing.ts'
import type { Operation } from '../run/redacted-run.ts'

/** Everything that keeps snapshots of a cluster, connected. Close it. */
export interface SnapshotPlaces {
  readonly sources: readonly SnapshotSource[]
  /** Why each of the other places cannot be used; empty unless they may be left out. */
  readonly failures: readonly RkeError[]
  /** The image of the containers that read and remove snapshots. */
  readonly image: string
  readonly access: MachineAccess
  close(): Promise<void>
}

/**
 * Connects to all etcd nodes of a cluster.
 * @param config Its secrets are filled in.
 * @param maySkip Places that cannot be reached are left out.
 */
export async function openSnapshotPlaces(
  config: ClusterConfig,
  operation: Operation,
  maySkip: boolean,
): Promise<SnapshotPlaces> {
  const { deps, emit, options } = operation
  const members = nodesWithRole(config.nodes, 'etcd')
  if (members.length === 0) throw noEtcdNodes()
  const catalog = deps.catalog ?? (await openCatalog())
  const image = catalog.backupImage(config.systemImages.alpine)
  const reach = reachOf(options, deps, maySkip)
  const connected = await connectNodes(config, members, deps.transports, emit, reach)
  const { ecrLogin, time } = deps
  const access = machineAccess(connected.nodes, { bundle: {}, config, ecrLogin, time })
  const prepare = (node: Node): Promise<void> => pullMissing([node], image, access, emit, endOf(options))
  return {
    sources: members.flatMap(({ address }) => {
      const node = connected.nodes.get(address)
      return node === undefined ? [] : [prepared(node, image, prepare)]
    }),
    failures: connected.skipped,
    image,
    access,
    close: connected.close,
  }
}

function prepared(node: Node, image: string, prepare: (node: Node) => Promise<void>): SnapshotSource {
  const { where, observe } = snapshotsOfNode(node, image)
  return {
    where,
    async observe(question, signal) {
      await prepare(node)
      return observe(question, signal)
    },
  }
}

function noEtcdNodes(): ConfigError {
  return new ConfigError('the cluster has no etcd nodes, and so no snapshots of its own', {
    untouched: true,
    hint: 'take snapshots where the external etcd runs',
  })
}
