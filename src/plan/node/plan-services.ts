import type { ContainerSpec } from '../../desired/container-spec.ts'
import type { DesiredNode } from '../../desired/desired-node.ts'
import { etcdDataDirectory } from '../../desired/services/etcd.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import { accessDifferences } from './files/access-difference.ts'
import type { AccessPlan } from './files/plan-access.ts'
import { planContainer, planHealth } from './plan-containers.ts'
import type { Restarts } from './restarts.ts'

/** What is done about one service of a node. */
export interface ServicePlan {
  readonly spec: ContainerSpec
  readonly actions: readonly Action[]
}

/** What a service waits for besides its own node. */
export interface ServiceOrder extends Pick<AccessPlan, 'withEtcd'> {
  readonly basis: PlanBasis
  readonly restarts: Restarts
}

/** Starts or replaces a service, or lets it take up what has changed under it; nothing where it is as it should be. */
export function planService(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
  order: ServiceOrder,
): readonly ServicePlan[] {
  const { basis, withEtcd } = order
  const action = planContainer(desired, spec, observed, isNewCluster(basis))
  if (action === undefined) {
    return [...planOpenData(desired, spec, observed), ...planRestart(desired, spec, observed, order)]
  }
  // One that only stopped has its data as it left it, but for who owns that.
  const hasPermissions = action.kind === 'container.start' && spec.user === undefined
  const permissions = hasPermissions ? [] : planPermissions(desired, spec)
  return [
    {
      spec,
      actions: [
        ...(spec.name === 'etcd' ? [...withEtcd, ...permissions] : []),
        { ...action, after: [...before(desired, spec, observed), ids.ports, ...etcdFirst(spec, basis)] },
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
): readonly ServicePlan[] {
  const mode = observed?.etcdDataMode
  if (spec.name !== 'etcd' || mode === undefined) return []
  const because = accessDifferences({ mode: 0o700 }, { mode, uid: 0, gid: 0 }).map((difference) => ({
    ...difference,
    paths: [etcdDataDirectory(desired.prefix)],
  }))
  if (because.length === 0) return []
  return [{ spec, actions: planPermissions(desired, spec).map((action) => ({ ...action, because })) }]
}

/** A container whose certificates are replaced under it; one that is replaced anyway reads them by itself. */
function planRestart(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
  order: ServiceOrder,
): readonly ServicePlan[] {
  const { address } = desired.node
  const restart = order.restarts.restarts.find(
    ({ node, container }) => node === address && container === spec.name,
  )
  if (restart === undefined) {
    return [...planReconnect(desired, spec, order), ...planWait(desired, spec, observed)]
  }
  const id = ids.restart(address, spec.name)
  const first = order.restarts.atOnce ? (STARTS_AFTER[spec.name] ?? []) : namesBefore(spec, desired)
  const after = [ids.files(address), ids.access(address), ...first.map((name) => ids.health(address, name))]
  const action = {
    kind: 'container.restart',
    id,
    node: address,
    name: spec.name,
    because: [restart.because],
    after,
  } as const
  const checks = planHealth(desired, spec, [id]).map((check) => ({ ...check, because: [RESTARTED] }))
  return [{ spec, actions: [action, ...checks] }]
}

const RESTARTED: Reason = { kind: 'restarted-in-this-run' }

/** The services of a node that start before another one: of those that run, one is restarted when these are healthy again. */
function namesBefore(spec: ContainerSpec, { containers }: DesiredNode): readonly string[] {
  return containers.slice(0, containers.indexOf(spec)).map(({ name }) => name)
}

/** An API server whose certificate is replaced under it, and that goes on with the one it has towards kubelets. */
function planReconnect(
  { node }: DesiredNode,
  spec: ContainerSpec,
  { basis, restarts }: ServiceOrder,
): readonly ServicePlan[] {
  const { address } = node
  const use = restarts.reconnects.find((one) => one.node === address && one.container === spec.name)
  if (use === undefined) return []
  const action = {
    kind: 'kubelets.reconnect',
    id: ids.reconnect(address),
    node: address,
    ...nodeNameOf(node, basis.wanted.config),
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

/** Docker reports a container in a crash loop as running: so its health is checked. */
function planWait(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
): readonly ServicePlan[] {
  if (observed?.containers.get(spec.name)?.State.Restarting !== true) return []
  const waits = planHealth(desired, spec, [])
  return [{ spec, actions: waits.map((wait) => ({ ...wait, because: [{ kind: 'crash-loop' }] })) }]
}

function planPermissions(desired: DesiredNode, spec: ContainerSpec): readonly Action[] {
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
      after: [ids.image(address, desired.helperImage), ids.etcdAccess(address), ids.ports],
    },
  ]
}

/** The API server starts after all etcd members, on whatever node they are. */
function etcdFirst({ name }: ContainerSpec, { nodes }: PlanBasis): readonly string[] {
  if (name !== 'kube-apiserver') return []
  return nodes.filter(({ node }) => hasRole(node, 'etcd')).map(({ node }) => ids.health(node.address, 'etcd'))
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
