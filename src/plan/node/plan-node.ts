import type { ClusterConfig } from '../../config/cluster-config.ts'
import { planeOf } from '../../container-names.ts'
import type { ContainerSpec } from '../../desired/container-spec.ts'
import { etcdDataDirectory } from '../../desired/services/etcd.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { hasRole, type Role } from '../../role.ts'
import type { ContainerRemove, ImagePull } from '../action/containers.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { DesiredNode, ForcedDeployment } from '../plan-input.ts'
import { accessDifferences } from './access-difference.ts'
import { type AccessPlan, planAccess } from './plan-access.ts'
import { planContainer, planHealth, planRemovals } from './plan-containers.ts'
import { planFiles } from './plan-files.ts'

/** The parts of the work on one node that other nodes may have to wait for. */
export interface NodePlan {
  /** Pulls, files and checks: touch nothing that runs. */
  readonly preparation: readonly Action[]
  readonly etcd: readonly Action[]
  readonly controlPlane: readonly Action[]
  readonly worker: readonly Action[]
  readonly cleaning: readonly Action[]
}

export interface NodeOrder {
  readonly config: Pick<ClusterConfig, 'cloudProvider'>
  /** No run has brought the cluster up yet. */
  readonly fresh: boolean
  /** Certificate files that are there already are overwritten. */
  readonly forced: boolean
  readonly restarts: ForcedDeployment['restarts']
  readonly reconnects: ForcedDeployment['reconnects']
  /** Ids that must be done before anything is sent to the node or started on it. */
  readonly gates: readonly string[]
  /** Addresses of nodes that have or had a member of etcd. */
  readonly wereMembers: ReadonlySet<string>
  /** Files of control plane nodes are changed besides. */
  readonly encryption: boolean
  /** Ids of the health of all etcd members: the API server starts after them. */
  readonly etcdHealth: readonly string[]
}

/** All actions on one node, each after what it needs on that node and after `order`'s gates. */
export function planNode(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  order: NodeOrder,
): NodePlan {
  const files = planFiles(desired, observed, order)
  const sent = new Set(files.flatMap((upload) => upload.files.map(({ path }) => path)))
  const access = planAccess(desired, observed, { sent, gates: order.gates })
  const containers = desired.containers.flatMap((spec) => planService(desired, spec, observed, order, access))
  const removals = planRemovals(desired, observed)
  const of = (plane: Role): readonly Action[] =>
    containers.filter(({ spec }) => planeOf(spec.name) === plane).flatMap(({ actions }) => actions)
  const lost = (plane: Role): readonly ContainerRemove[] =>
    removals.filter(({ name }) => planeOf(name) === plane)
  const changesKeys = order.encryption && hasRole(desired.node, 'controlplane')
  const etcdLoss = planEtcdLoss(desired, lost('etcd'), order)
  const rest = removals.filter(({ name }) => !['etcd', 'controlplane'].includes(planeOf(name) ?? ''))
  return {
    preparation: [
      ...planPulls(
        desired,
        observed,
        containers.length > 0,
        files.length + access.first.length + removals.length + etcdLoss.length > 0 || changesKeys,
      ),
      ...files,
      ...access.first,
      ...planSelinux(desired, observed),
    ],
    etcd: of('etcd'),
    controlPlane: of('controlplane'),
    worker: [...lost('controlplane'), ...of('worker')],
    cleaning: [...etcdLoss, ...rest],
  }
}

/**
 * A node that is no etcd node any more: once its member is gone its containers go, and its data, also where an
 * interrupted cleaning has left nothing but that.
 */
function planEtcdLoss(
  desired: DesiredNode,
  removals: readonly ContainerRemove[],
  { fresh, wereMembers }: NodeOrder,
): readonly Action[] {
  const { address } = desired.node
  const mayHaveData = removals.length > 0 || (!fresh && wereMembers.has(address))
  // Of a node that keeps the role only the snapshot container can be unwanted; its data stays.
  if (hasRole(desired.node, 'etcd') || !mayHaveData) return removals
  // As long as one of its containers is there, a run that goes on after an interrupted one sees that data may be left.
  const isLast = ({ name }: ContainerRemove): boolean => name === 'etcd-rolling-snapshots'
  const first = removals.filter((removal) => !isLast(removal))
  const last = removals.filter(isLast)
  return [
    ...first.map((removal) => ({ ...removal, after: [...removal.after, ids.memberRemove(address)] })),
    {
      kind: 'folders.clear',
      id: ids.etcdData(address),
      node: address,
      image: desired.helperImage,
      folders: [etcdDataDirectory(desired.prefix)],
      because: [{ kind: 'member-removed' }],
      after: [
        ids.memberRemove(address),
        ids.image(address, desired.helperImage),
        ...first.map(({ id }) => id),
      ],
    },
    ...last.map((removal) => ({ ...removal, after: [...removal.after, ids.etcdData(address)] })),
  ]
}

interface ServicePlan {
  readonly spec: ContainerSpec
  readonly actions: readonly Action[]
}

function planService(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
  order: NodeOrder,
  { withEtcd }: AccessPlan,
): readonly ServicePlan[] {
  const action = planContainer(desired, spec, observed, order.fresh)
  if (action === undefined) {
    return [...planOpenData(desired, spec, observed, order), ...planRestart(desired, spec, observed, order)]
  }
  // One that only stopped has its data as it left it, but for who owns that.
  const hasPermissions = action.kind === 'container.start' && spec.user === undefined
  const permissions = hasPermissions ? [] : planPermissions(desired, spec, order)
  return [
    {
      spec,
      actions: [
        ...(spec.name === 'etcd' ? [...withEtcd, ...permissions] : []),
        { ...action, after: [...before(desired, spec, observed), ...order.gates, ...etcdFirst(spec, order)] },
        ...planHealth(desired, spec, [action.id]),
      ],
    },
    // One that only gets rid of its parked predecessor goes on running.
    ...(action.kind === 'container.start' ? planReconnect(desired, spec, order) : []),
  ]
}

/** A data directory of an etcd that goes on running, and that others may read. */
function planOpenData(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
  order: NodeOrder,
): readonly ServicePlan[] {
  const mode = observed?.etcdDataMode
  if (spec.name !== 'etcd' || mode === undefined) return []
  const because = accessDifferences({ mode: 0o700 }, { mode, uid: 0, gid: 0 }).map((difference) => ({
    ...difference,
    paths: [etcdDataDirectory(desired.prefix)],
  }))
  if (because.length === 0) return []
  return [{ spec, actions: planPermissions(desired, spec, order).map((action) => ({ ...action, because })) }]
}

/** A container whose certificates are replaced under it; one that is replaced anyway reads them by itself. */
function planRestart(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
  order: NodeOrder,
): readonly ServicePlan[] {
  const { address } = desired.node
  const restart = order.restarts.find(({ node, container }) => node === address && container === spec.name)
  if (restart === undefined) {
    return [...planReconnect(desired, spec, order), ...planWait(desired, spec, observed)]
  }
  const id = ids.restart(address, spec.name)
  const after = [
    ids.files(address),
    ids.access(address),
    ...(STARTS_AFTER[spec.name] ?? []).map((name) => ids.health(address, name)),
  ]
  const action = {
    kind: 'container.restart',
    id,
    node: address,
    name: spec.name,
    because: [restart.because],
    after,
  } as const
  return [{ spec, actions: [action, ...planHealth(desired, spec, [id])] }]
}

/** An API server whose certificate is replaced under it, and that goes on with the one it has towards kubelets. */
function planReconnect(
  { node }: DesiredNode,
  spec: ContainerSpec,
  { reconnects, config }: NodeOrder,
): readonly ServicePlan[] {
  const { address } = node
  const use = reconnects.find((one) => one.node === address && one.container === spec.name)
  if (use === undefined) return []
  const action = {
    kind: 'kubelets.reconnect',
    id: ids.reconnect(address),
    node: address,
    ...nodeNameOf(node, config),
    because: [use.because],
    after: [
      ids.files(address),
      ids.access(address),
      ids.container(address, spec.name),
      ids.health(address, spec.name),
    ],
    interruptible: true,
  } as const
  return [{ spec, actions: [action] }]
}

/** Docker says of a container in a crash loop that it runs: so its health is checked. */
function planWait(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
): readonly ServicePlan[] {
  if (observed?.containers.get(spec.name)?.State.Restarting !== true) return []
  const waits = planHealth(desired, spec, [])
  return [{ spec, actions: waits.map((wait) => ({ ...wait, because: [{ kind: 'crash-loop' }] })) }]
}

function planPermissions(desired: DesiredNode, spec: ContainerSpec, order: NodeOrder): readonly Action[] {
  const { address } = desired.node
  return [
    {
      kind: 'etcd.permissions',
      id: ids.etcdPermissions(address),
      node: address,
      image: desired.helperImage,
      directory: etcdDataDirectory(desired.prefix),
      ...(spec.user !== undefined && { user: spec.user }),
      because: [{ kind: 'etcd-data-open' }],
      after: [ids.image(address, desired.helperImage), ids.etcdAccess(address), ...order.gates],
    },
  ]
}

/** The API server starts after all etcd members, on whatever node they are. */
function etcdFirst({ name }: ContainerSpec, { etcdHealth }: NodeOrder): readonly string[] {
  return name === 'kube-apiserver' ? etcdHealth : []
}

/** What a container needs on its own node before it starts. */
function before(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
): readonly string[] {
  const { address } = desired.node
  const isNew = observed === undefined || observed.containers.size === 0
  return [
    ids.image(address, spec.image),
    ids.image(address, desired.helperImage),
    ids.files(address),
    ids.access(address),
    ids.selinux(address),
    ...(spec.volumesFrom.length > 0 ? [ids.container(address, 'service-sidekick')] : []),
    ...(STARTS_AFTER[spec.name] ?? []).flatMap((name) => [
      ids.container(address, name),
      ids.health(address, name),
    ]),
    ...(spec.name === 'etcd' ? [ids.etcdPermissions(address)] : []),
    ...(spec.name === 'kube-proxy' && isNew ? [ids.labels(address)] : []),
    // Both listen on the same port, and a change of roles swaps them.
    ...(spec.name === 'kube-apiserver' ? [ids.leftover(address, 'nginx-proxy')] : []),
    ...(spec.name === 'nginx-proxy' ? [ids.leftover(address, 'kube-apiserver')] : []),
  ]
}

/**
 * Which services wait for which on the same node. kube-proxy waits for the kubelet, and on a new node until that
 * is registered, because it looks for its Node object with growing pauses: started too early it finds it late.
 */
const STARTS_AFTER: Readonly<Record<string, readonly string[]>> = {
  'etcd-rolling-snapshots': ['etcd'],
  'kube-controller-manager': ['kube-apiserver'],
  'kube-scheduler': ['kube-apiserver'],
  'kube-proxy': ['kubelet'],
}

/**
 * Pulls of what is not there: for a node that gets containers, all of its images; else only that of helpers, where
 * something is done by one. What holds
 * up the first containers comes first; an image that only a later one needs waits for the large ones.
 */
function planPulls(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  forContainers: boolean,
  forHelpers: boolean,
): readonly ImagePull[] {
  const { address } = desired.node
  if (!forContainers && !forHelpers) return []
  const services = forContainers ? desired.containers.filter(isUrgent).map((spec) => spec.image) : []
  const urgent = new Set([desired.helperImage, ...services])
  const all = [...new Set([...urgent, ...(forContainers ? desired.images : [])])].filter(
    (image) => !observed?.images.has(image),
  )
  return all.map((image) => ({
    kind: 'image.pull',
    id: ids.image(address, image),
    node: address,
    image,
    because: [{ kind: 'image-missing' }],
    after: urgent.has(image) ? [] : [...urgent].map((first) => ids.image(address, first)),
  }))
}

function isUrgent({ name }: ContainerSpec): boolean {
  return name !== 'etcd-rolling-snapshots'
}

function planSelinux(desired: DesiredNode, observed: ObservedNode | undefined): readonly Action[] {
  const { address } = desired.node
  if (!observed?.facts.selinux || observed.containers.size > 0) return []
  return [
    {
      kind: 'selinux.check',
      id: ids.selinux(address),
      node: address,
      image: desired.helperImage,
      because: [{ kind: 'selinux-labels' }],
      after: [ids.image(address, desired.helperImage)],
    },
  ]
}
