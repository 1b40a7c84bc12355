import type { ContainerSpec } from '../desired/container-spec.ts'
import { etcdDataDirectory } from '../desired/services/etcd.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import type { Action, ImagePull } from './action.ts'
import { ids } from './ids.ts'
import { planContainer, planHealth, planRemovals } from './plan-containers.ts'
import { planFiles } from './plan-files.ts'
import type { DesiredNode } from './plan-input.ts'

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
  readonly fresh: boolean
  readonly forced: boolean
  /** Ids that must be done before anything is started on the node. */
  readonly gates: readonly string[]
  /** Ids of the health of all etcd members: the API server starts after them. */
  readonly etcdHealth: readonly string[]
}

const ETCD = new Set(['etcd', 'etcd-rolling-snapshots'])
const CONTROL_PLANE = new Set(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'])

/** All actions on one node, each after what it needs on that node and after `order`'s gates. */
export function planNode(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  order: NodeOrder,
): NodePlan {
  const { address } = desired.node
  const containers = desired.containers.flatMap((spec) => planService(desired, spec, observed, order))
  const touched = (names: ReadonlySet<string>) =>
    containers.filter(({ spec }) => names.has(spec.name)).flatMap(({ actions }) => actions)
  const rest = containers.filter(({ spec }) => !ETCD.has(spec.name) && !CONTROL_PLANE.has(spec.name))
  const removals = planRemovals(desired, observed)
  const actions = containers.flatMap((service) => service.actions)
  const touching = [...actions.filter(({ kind }) => kind.startsWith('container.')), ...removals]
  const logs = planLogs(desired, observed, touching, order.fresh)
  const files = planFiles(desired, observed, order.forced)
  return {
    preparation: [
      ...planPulls(desired, observed, containers.length > 0, files.length + logs.length > 0),
      ...files,
      ...planSelinux(desired, observed),
      ...logs.filter(({ kind }) => kind === 'logs.mark'),
    ],
    etcd: touched(ETCD),
    controlPlane: touched(CONTROL_PLANE),
    worker: rest.flatMap(({ actions }) => actions),
    cleaning: [
      ...removals.map((removal) => ({ ...removal, after: [...removal.after, ids.logsMark(address)] })),
      ...logs.filter(({ kind }) => kind === 'logs.clean'),
    ],
  }
}

/** The container that cleans links; on a node it says that a run ended before it had cleaned them. */
const MARK = 'rke-log-cleaner'

/**
 * The cleaning of links to logs, which are left where containers are replaced or removed, and of those of containers
 * that somebody removed. The mark comes before all of that.
 */
function planLogs(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  touching: readonly Action[],
  fresh: boolean,
): readonly Action[] {
  const marked = observed?.all.some(({ names }) => names.includes(MARK)) ?? false
  const dangling = touching.some(
    (action) =>
      action.kind === 'container.replace' ||
      action.kind === 'container.remove' ||
      (action.kind === 'container.create' && !action.container.createdOnly && !fresh),
  )
  if (!marked && !dangling) return []
  const { address } = desired.node
  const base = {
    node: address,
    image: desired.helperImage,
    dockerRootDir: observed?.facts.dockerRootDir ?? '/var/lib/docker',
  }
  const image = ids.image(address, desired.helperImage)
  const because = dangling ? ['containers are made, replaced or removed'] : ['left by an interrupted run']
  const after = [image, ids.logsMark(address), ...touching.map(({ id }) => id)]
  return [
    ...(marked
      ? []
      : [{ ...base, kind: 'logs.mark' as const, id: ids.logsMark(address), because, after: [image] }]),
    { ...base, kind: 'logs.clean' as const, id: ids.logs(address), because, after },
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
): readonly ServicePlan[] {
  const { address } = desired.node
  const action = planContainer(desired, spec, observed)
  if (action === undefined) return []
  const permissions: readonly Action[] =
    spec.name === 'etcd' && action.kind !== 'container.start'
      ? [
          {
            kind: 'etcd.permissions',
            id: ids.etcdPermissions(address),
            node: address,
            image: desired.helperImage,
            directory: etcdDataDirectory(desired.prefix),
            ...(spec.user !== undefined && { user: spec.user }),
            because: ['etcd refuses a data directory that others may read'],
            after: [ids.image(address, desired.helperImage), ...order.gates],
          },
        ]
      : []
  return [
    {
      spec,
      actions: [
        ...permissions,
        { ...action, after: [...before(desired, spec, order), ...order.gates] },
        ...planHealth(desired, spec, [action.id]),
      ],
    },
  ]
}

/** What a container needs on its own node before it starts, and of other nodes' etcd. */
function before(desired: DesiredNode, spec: ContainerSpec, order: NodeOrder): readonly string[] {
  const { address } = desired.node
  const unwantedProxy = ids.leftover(address, 'nginx-proxy')
  return [
    ids.image(address, spec.image),
    ids.image(address, desired.helperImage),
    ids.files(address),
    ids.selinux(address),
    ids.logsMark(address),
    ...(spec.volumesFrom.length > 0 ? [ids.container(address, 'service-sidekick')] : []),
    ...(STARTS_AFTER[spec.name] ?? []).flatMap((name) => [
      ids.container(address, name),
      ids.health(address, name),
    ]),
    ...(spec.name === 'etcd' ? [ids.etcdPermissions(address)] : []),
    ...(spec.name === 'kube-proxy' && order.fresh ? [ids.labels(address)] : []),
    ...(spec.name === 'kube-apiserver' ? [unwantedProxy, ...order.etcdHealth] : []),
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
    because: ['not on the node'],
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
      because: ['Docker labels containers for SELinux'],
      after: [ids.image(address, desired.helperImage)],
    },
  ]
}
