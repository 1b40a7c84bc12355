import type { ClusterNode } from '../../../src/config/cluster-config.ts'
import { ConnectionError } from '../../../src/errors.ts'
import type { EtcdApi } from '../../../src/etcd/etcd-api.ts'
import type { KubeApi } from '../../../src/kube/client/kube-api.ts'
import type { Node } from '../../../src/node/node.ts'
import type { ObservedNode } from '../../../src/observe/observed-node.ts'
import { hasRole } from '../../../src/role.ts'
import { nodeAt } from '../../../src/session/connect/connect-nodes.ts'
import { lazily } from '../../../src/session/lazily.ts'
import { directEtcd } from '../../sim/direct/direct-etcd.ts'
import { directKube } from '../../sim/direct/direct-kube.ts'
import { DirectNode } from '../../sim/direct/direct-node.ts'
import type { DirectRun } from '../../sim/direct/direct-run.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import type { ModelCluster } from './model-cluster.ts'
import { observeMachine } from './observe-machine.ts'

/** The machines that a run has reached, and ways to what runs on them. */
export interface ModelAccess {
  readonly nodes: ReadonlyMap<string, DirectNode>
  /** Addresses of machines of cluster.yml that it has not reached. */
  readonly lost: readonly string[]
  readonly node: (address: string) => Node
  readonly kube: () => Promise<KubeApi>
  readonly etcd: (address: string) => EtcdApi
  /** What is on them now. */
  readonly observe: () => ReadonlyMap<string, ObservedNode>
}

/** Which machines are connected. */
interface Reached {
  /** Those that must be there; by default those of cluster.yml. */
  readonly nodes?: readonly ClusterNode[]
  readonly others?: readonly ClusterNode[]
  /** Addresses of those whose API servers, if they run, serve another cluster. */
  readonly notAsked?: readonly string[] | undefined
  readonly skipUnreachable: boolean
}

/**
 * Connects to the machines of cluster.yml, and to `others` as far as they can be reached.
 * @throws ConnectionError if one of cluster.yml cannot be, unless such ones are skipped.
 */
export function modelAccess(
  { world, config, time }: ModelCluster,
  run: DirectRun,
  { nodes: wanted = config.nodes, others = [], notAsked = [], skipUnreachable }: Reached,
): ModelAccess {
  const machineOf = ({ address }: { readonly address: string }): SimMachine => world.machine(address)
  const lost = wanted.map(machineOf).filter(({ reachable }) => !reachable)
  const [missing] = lost
  if (missing !== undefined && !skipUnreachable) {
    throw new ConnectionError('timed-out', `${missing.address} cannot be reached`)
  }
  const reached = [...wanted, ...others].map(machineOf).filter(({ reachable }) => reachable)
  const nodes = new Map(reached.map((machine) => [machine.address, new DirectNode(run, machine)]))
  const servers = wanted
    .filter((node) => hasRole(node, 'controlplane') && !notAsked.includes(node.address))
    .map(machineOf)
  return {
    nodes,
    lost: lost.map(({ address }) => address),
    node: (address) => nodeAt(nodes, address),
    kube: lazily<KubeApi>(async () =>
      directKube(
        run,
        servers.filter((machine) => reached.includes(machine)),
        time,
      ),
    ).get,
    etcd(address) {
      if (!nodes.has(address)) throw new ConnectionError('other', `${address} is not connected`)
      return directEtcd(run, world.machine(address))
    },
    observe: () => new Map(reached.map((machine) => [machine.address, observeMachine(machine)])),
  }
}
