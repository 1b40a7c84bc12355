import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { checkDockerVersions } from '../../plan/checks/guards.ts'
import type { ClusterView } from '../../plan/model/cluster-view.ts'
import { cleaned } from '../../plan/snapshots/restore-view.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { MemoryStateStore } from '../../state/memory-state-store.ts'
import { accessThrough, type ClusterAccess } from '../connect/cluster-access.ts'
import type { Connected } from '../connect/connect-nodes.ts'
import type { MaterialOptions } from '../prepare/make-material.ts'
import { observeNodes } from '../prepare/observe-parts.ts'
import { type OfflinePreparation, prepareOffline } from '../prepare/prepare-offline.ts'
import type { Operation } from '../run/redacted-run.ts'

/** What it takes to build a cluster on machines from which everything is taken before. */
export interface PreparedAgain {
  readonly offline: OfflinePreparation
  readonly access: ClusterAccess
  /** What `up` would go by then. */
  readonly target: ClusterView
  /** By address: what is on the machines now. */
  readonly machines: ReadonlyMap<string, ObservedNode>
}

/** What the cluster is built with, besides its configuration. */
export interface BuiltWith extends MaterialOptions {
  /** Its certificates and its encryption; nothing is applied. */
  readonly state: ClusterState
  /** Images that are needed besides. */
  readonly images: readonly string[]
}

/** Makes what a cluster needs that is built anew, and observes its machines. Nothing is written anywhere. */
export async function prepareAgain(
  given: ClusterConfig,
  connected: Connected,
  { state, images, ...material }: BuiltWith,
  operation: Operation,
): Promise<PreparedAgain> {
  const { deps, options, emit } = operation
  const store = new MemoryStateStore(state)
  const offline = await prepareOffline(given, { ...operation, deps: { ...deps, store } }, material)
  const { catalog } = offline
  const config = await offline.config
  await offline.changes
  const { bundle } = await offline.material
  const access = accessThrough(connected, config, [], bundle, operation)
  const ofNodes = await offline.images
  const all = [...new Set([...ofNodes.values()].flat())]
  const machines = await observeNodes(connected.nodes, (address) => [
    ...(ofNodes.get(address) ?? all),
    ...images,
  ])
  const staying = config.nodes.flatMap(({ address }) => machines.get(address) ?? [])
  const known = { state, hasState: true, leaving: [] }
  const seen = {
    machines: new Map(staying.map((machine) => [machine.address, cleaned(machine)])),
    unreachable: access.unreachable,
  }
  if (!options.ignoreDockerVersion) checkDockerVersions(config, catalog, seen.machines, emit)
  const target: ClusterView = {
    wanted: {
      config,
      given,
      catalog,
      input: await offline.input,
      material: await offline.material,
      addons: await offline.steps,
    },
    known,
    seen: { ...seen, etcd: undefined, kube: undefined, unhealthyServers: new Set() },
    options,
  }
  return { offline, access, target, machines }
}
