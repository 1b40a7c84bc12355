import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { withoutNodes } from '../../config/without-nodes.ts'
import { HELPER, readingHelpers } from '../../container-names.ts'
import { desiredInput } from '../../desired/desired-cluster.ts'
import { prefixPath } from '../../desired/node-facts.ts'
import { usesSelinuxType } from '../../desired/selinux.ts'
import type { DesiredInput } from '../../desired/service-context.ts'
import { etcdDataDirectory } from '../../desired/services/etcd.ts'
import { inParallel } from '../../in-parallel.ts'
import type { Node } from '../../node/node.ts'
import { type ObservedMember, observeMember } from '../../observe/observe-member.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { leavingNodes, withAccess } from '../../plan/rollout/leaving.ts'
import type { RecoverView } from '../../plan/snapshots/recover/recover-view.ts'
import { nodesWithRole } from '../../role.ts'
import { type ClusterAccess, connectCluster } from '../../session/connect/cluster-access.ts'
import { endOf } from '../../session/end-of-run.ts'
import { observeNodes } from '../../session/prepare/observe-parts.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

/** Databases are copied and read at a time. */
const PARALLEL = 20

/** What was found, and the connections through which. Close them. */
export interface Recovery {
  readonly view: RecoverView
  readonly access: ClusterAccess
}

/** Connects to all nodes that can be reached, those that only the state has among them, and looks for data of etcd. */
export async function observeRecovery(
  config: ClusterConfig,
  state: ClusterState,
  options: RecoveryOptions,
  operation: Operation,
): Promise<Recovery> {
  const former = await withAccess(formerEtcdNodes(state, config), config, operation.fill)
  const bundle = Promise.resolve(state.desiredState.certificatesBundle ?? {})
  const maySkip = { ...operation, options: { ...operation.options, skipUnreachable: true } }
  const access = await connectCluster(config, former, bundle, maySkip)
  const observe = (images: readonly string[]) => observeNodes(access.nodes, () => images)
  try {
    return {
      view: await viewOfRecovery({ config, state, former }, { ...access, observe }, options, operation),
      access,
    }
  } catch (thrown) {
    await access.close()
    throw thrown
  }
}

interface RecoveryOptions {
  readonly from?: string | undefined
  readonly dryRun?: boolean | undefined
}

/** What is known of a cluster whose etcd is recovered. */
export interface KnownCluster {
  /** With secrets filled in. */
  readonly config: ClusterConfig
  readonly state: ClusterState
  /** Nodes that are no part of it any more, and may have data of etcd. */
  readonly former: readonly ClusterNode[]
}

/** How machines and members are asked. */
export interface RecoveryAccess extends Pick<ClusterAccess, 'node' | 'etcd' | 'credentials'> {
  /** Observes all machines that were reached, with those images that they have of these. */
  readonly observe: (images: readonly string[]) => Promise<ReadonlyMap<string, ObservedNode>>
}

export const formerEtcdNodes = (state: ClusterState, config: ClusterConfig): readonly ClusterNode[] =>
  nodesWithRole(leavingNodes(state, config), 'etcd')

/** Looks for data of etcd on the machines that were reached. */
export async function viewOfRecovery(
  { config, state, former }: KnownCluster,
  access: RecoveryAccess,
  { from, dryRun }: RecoveryOptions,
  operation: Operation,
): Promise<RecoverView> {
  const catalog = operation.deps.catalog ?? (await openCatalog())
  const input = desiredInput(config, catalog, state.currentState.encryptionConfig !== undefined)
  const { alpine, etcd } = config.systemImages
  const machines = await access.observe([input.backupImage, alpine, etcd])
  // What a restore has left out has the data of the cluster from before it.
  const restored = withoutNodes(config, state.notRestored ?? [])
  const etcdNodes = [...nodesWithRole(restored.nodes, 'etcd'), ...former]
  const members = new Map<string, ObservedMember>()
  const { etcdData: helper } = readingHelpers({ dryRun })
  await inParallel(etcdNodes, PARALLEL, async ({ address }) => {
    const machine = machines.get(address)
    if (machine === undefined) return
    members.set(address, await memberOn(machine, input, { access, helper }, operation))
  })
  const known = nodesWithRole(state.currentState.rkeConfig?.nodes ?? config.nodes, 'etcd').length
  return { config, input, etcdNodes, known, machines, members, from, begun: state.recovering?.node }
}

async function memberOn(
  machine: ObservedNode,
  input: DesiredInput,
  { access, helper }: { readonly access: RecoveryAccess; readonly helper: string },
  operation: Operation,
): Promise<ObservedMember> {
  const { address, facts, containers, all } = machine
  const node = access.node(address)
  const container = containers.get('etcd')
  const isForced = all.some(({ names, state }) => names.includes(HELPER.recoverEtcd) && state === 'running')
  const signal = endOf(operation.options)
  return observeMember(node, {
    helper,
    running: isForced || container?.State.Running === true || container?.State.Restarting === true,
    container: container?.Id,
    api: access.etcd(address),
    image: await readerImage(machine, input, { node, access, operation }),
    directory: etcdDataDirectory(prefixPath(input.config.prefixPath, facts)),
    selinux: usesSelinuxType(input.config.kubernetesVersion, facts),
    signal,
  })
}

interface Puller {
  readonly node: Node
  readonly access: RecoveryAccess
  readonly operation: Operation
}

/** An image with a shell and etcdctl, which the node nearly always has; otherwise it is pulled. */
async function readerImage(
  { address, images }: ObservedNode,
  { backupImage, config }: DesiredInput,
  { node, access, operation: { emit, options } }: Puller,
): Promise<string> {
  const there = [backupImage, config.systemImages.alpine].find((image) => images.has(image))
  if (there !== undefined) return there
  const text = `Pulling image [${backupImage}] on host [${address}], to read the data of etcd`
  emit({ type: 'notice', level: 'info', area: 'pre-deploy', text, node: address })
  const signal = endOf(options)
  const auth = await access.credentials(backupImage, signal)
  await node.docker.pullImage(backupImage, { ...(auth && { auth }), signal })
  return backupImage
}
